"""佐川急便 e飛伝III, 「標準_飛脚宅配便_CSV_ヘッダ有り」 of 74 columns.

Source: the columns of 佐川急便's standard template as shop systems publish them (d2c-square.com
「e飛伝Ⅲ」, help.tatempo.guide), codes and forms from its 「出荷データCSV入力項目レイアウト」.
Shift_JIS, CRLF, a heading line. Addresses: three lines of sixteen full-width characters, names:
two. Dates YYYYMMDD. Seals: 005 指定日配達サービス, 019 時間帯指定サービス (six slots),
008 eコレクト（現金）.
"""

from lockstitch.fulfilment.labels.layout import (
    Label,
    Layout,
    Row,
    Sender,
    hyphened,
    slot_code,
    spread,
)
from lockstitch.fulfilment.rules import CARRIERS

COLUMNS = (
    "お届け先コード取得区分", "お届け先コード", "お届け先電話番号", "お届け先郵便番号",
    "お届け先住所１", "お届け先住所２", "お届け先住所３", "お届け先名称１", "お届け先名称２",
    "お客様管理番号", "お客様コード", "部署ご担当者コード取得区分", "部署ご担当者コード",
    "部署ご担当者名称", "荷送人電話番号", "ご依頼主コード取得区分", "ご依頼主コード",
    "ご依頼主電話番号", "ご依頼主郵便番号", "ご依頼主住所１", "ご依頼主住所２", "ご依頼主名称１",
    "ご依頼主名称２", "荷姿", "品名１", "品名２", "品名３", "品名４", "品名５", "荷札荷姿",
    "荷札品名１", "荷札品名２", "荷札品名３", "荷札品名４", "荷札品名５", "荷札品名６",
    "荷札品名７", "荷札品名８", "荷札品名９", "荷札品名１０", "荷札品名１１", "出荷個数",
    "スピード指定", "クール便指定", "配達日", "配達指定時間帯", "配達指定時間（時分）",
    "代引金額", "消費税", "決済種別", "保険金額", "指定シール１", "指定シール２", "指定シール３",
    "営業所受取", "SRC区分", "営業所受取営業所コード", "元着区分", "メールアドレス",
    "ご不在時連絡先", "出荷日", "お問い合せ送り状No.", "出荷場印字区分", "集約解除指定",
    "編集０１", "編集０２", "編集０３", "編集０４", "編集０５", "編集０６", "編集０７",
    "編集０８", "編集０９", "編集１０",
)  # fmt: skip

LINE = 32  # sixteen full-width characters
TO = ("お届け先住所１", "お届け先住所２", "お届け先住所３")
WHOM = ("お届け先名称１", "お届け先名称２")
FROM = ("ご依頼主住所１", "ご依頼主住所２")
WHO = ("ご依頼主名称１", "ご依頼主名称２")
WIDTHS = {
    **dict.fromkeys((*TO, *WHOM, *FROM, *WHO, "品名１"), LINE),
    "お届け先電話番号": 14, "お届け先郵便番号": 8, "お客様管理番号": 16, "お客様コード": 12,
    "ご依頼主電話番号": 14, "ご依頼主郵便番号": 8, "荷姿": 3, "出荷個数": 3, "スピード指定": 3,
    "クール便指定": 3, "配達日": 8, "配達指定時間帯": 2, "代引金額": 7, "消費税": 6,
    "決済種別": 1, "指定シール１": 3, "指定シール２": 3, "営業所受取": 1, "SRC区分": 1,
    "元着区分": 1, "出荷日": 8,
}  # fmt: skip


def row(label: Label, sender: Sender) -> Row:
    cod = label.cod_yen is not None
    slot = slot_code(label, CARRIERS["sagawa"].slots, "配達指定時間帯")
    seals = ["019"] if slot else ["005"] if label.delivery_date else []
    seals += ["008"] if cod else []
    return {
        **spread(f"{label.address}　{label.building}", TO, LINE),
        **spread(label.name, WHOM, LINE),
        **spread(f"{sender.address}　{sender.building}", FROM, LINE),
        **spread(sender.name, WHO, LINE),
        "お届け先電話番号": label.phone,
        "お届け先郵便番号": hyphened(label.postal_code),
        "お客様管理番号": label.reference,
        "お客様コード": sender.sagawa_customer,
        "ご依頼主電話番号": sender.phone,
        "ご依頼主郵便番号": hyphened(sender.postal_code),
        "荷姿": "001",
        "品名１": label.contents,
        "出荷個数": "1",
        "スピード指定": "000",
        "クール便指定": "001",
        "配達日": f"{label.delivery_date:%Y%m%d}" if label.delivery_date else "",
        "配達指定時間帯": slot,
        "代引金額": str(label.cod_yen) if cod else "",
        "消費税": str(label.cod_tax_yen) if cod else "",
        "決済種別": "2" if cod else "0",
        "指定シール１": seals[0] if seals else "",
        "指定シール２": seals[1] if len(seals) > 1 else "",
        "営業所受取": "0",
        "SRC区分": "0",
        "元着区分": "1",
        "出荷日": f"{label.ships_on:%Y%m%d}",
    }


LAYOUT = Layout(
    carrier="sagawa", columns=COLUMNS, widths=WIDTHS, row=row, cod_max_yen=300_000,
    required=frozenset({
        "お届け先電話番号", "お届け先郵便番号", "お届け先住所１", "お届け先名称１", "お客様コード",
        "ご依頼主電話番号", "ご依頼主住所１", "ご依頼主名称１", "品名１",
    }),
)  # fmt: skip
