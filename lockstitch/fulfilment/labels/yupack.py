"""日本郵便 ゆうパックプリントR, 「発送予定データ」.

Source: 日本郵便 「ゆうパックプリントR フィルタ設定説明書」 (郵便・ゆうパック標準取込) and the
column lists of shop systems that write it (manual.future-shop.jp 「ゆうパックプリントR用」).
Shift_JIS, CRLF, a heading line; addresses: three lines of 50 bytes, names two; dates yyyymmdd; the
customer's reference has 15 bytes. 元／着払／代引: 0 元払い, 2 代引き. 速達・配達日指定種別 2 with a
day.
"""

from lockstitch.fulfilment.labels.layout import Label, Layout, Row, Sender, slot_code, spread
from lockstitch.fulfilment.rules import CARRIERS

COLUMNS = (
    "お客様側管理番号", "発送予定日", "発送予定時間区分", "出荷期限日", "到着期限日", "郵便種別",
    "保冷種別", "元／着払／代引", "書留／セキュリティ／特定記録種別", "配達時間帯指定郵便種別",
    "送り状種別", "お届け先 コード", "お届け先 郵便番号", "お届け先 住所１", "お届け先 住所２",
    "お届け先 住所３", "お届け先 名称１", "お届け先 名称２", "お届け先 敬称区分",
    "お届け先 電話番号", "お届け先 メールアドレス１", "お届け先 局留め区分",
    "お届け先 局留め郵便局名", "お届け先 局留めメール使用区分", "お届け先 局留め郵便番号",
    "お届け先 配達予告メール使用区分", "お届け先 再配達予告メール使用区分", "ご依頼主 コード",
    "ご依頼主 集荷先と同一区分", "ご依頼主 郵便番号", "ご依頼主 住所１", "ご依頼主 住所２",
    "ご依頼主 住所３", "ご依頼主 名称１", "ご依頼主 名称２", "ご依頼主 敬称", "ご依頼主 電話番号",
    "ご依頼主 メールアドレス１", "ご依頼主 荷送人指図区分", "ご依頼主 お届け通知メール使用区分",
    "ご依頼主 お届け通知はがき使用区分", "集荷先 コード", "集荷先 連携可否区分",
    "集荷先 会社コード", "集荷先 依頼先店所コード", "集荷先 郵便番号", "集荷先 住所１",
    "集荷先 住所２", "集荷先 住所３", "集荷先 名称１", "集荷先 名称２", "集荷先 敬称",
    "集荷先 電話番号", "受注番号", "こわれもの区分", "なまもの区分", "ビン類区分",
    "逆さま厳禁区分", "下積み厳禁区分", "商品サイズ区分", "重量合計（ｇ）", "25kg超重量物区分",
    "損害要償額", "速達・配達日指定種別", "配達指定日／希望日", "配達時間帯区分", "差出方法区分",
    "ゆうパック複数個割引", "ゆうパック同一割引", "セット商品コード", "セット品名ラベル印字区分",
    "複数個口数", "記事名１", "記事名２", "フリー項目０１", "フリー項目０２", "フリー項目０３",
    "フリー項目０４", "フリー項目０５", "フリー項目０６", "フリー項目０７", "フリー項目０８",
    "フリー項目０９", "フリー項目１０", "空港利用区分", "空港・局／支店名", "航空会社名",
    "利用便名", "レジャー区分", "プレー・搭乗日", "プレー・搭乗時間", "クラブ本数", "復路集貨日",
    "出荷先登録名", "集荷希望区分", "集荷日付", "集荷時間帯区分", "支店連携先選択用名称",
    "代引金額", "代引消費税金額", "送り状発行年月日", "商品番号", "品名", "個数", "重量（ｇ）",
    "単価", "金額", "商品備考０１", "商品備考０２", "商品備考０３", "商品備考０４",
    "商品備考０５", "商品備考０６", "商品備考０７", "商品備考０８", "商品備考０９",
    "商品備考１０",
)  # fmt: skip

LINE = 50
TO = ("お届け先 住所１", "お届け先 住所２", "お届け先 住所３")
WHOM = ("お届け先 名称１", "お届け先 名称２")
FROM = ("ご依頼主 住所１", "ご依頼主 住所２", "ご依頼主 住所３")
WHO = ("ご依頼主 名称１", "ご依頼主 名称２")
FLAGS = (
    "保冷種別", "お届け先 敬称区分", "こわれもの区分", "なまもの区分", "ビン類区分",
    "逆さま厳禁区分", "下積み厳禁区分", "差出方法区分", "ゆうパック複数個割引",
    "ゆうパック同一割引",
)  # fmt: skip
WIDTHS = {
    **dict.fromkeys((*TO, *WHOM, *FROM, *WHO), LINE), **dict.fromkeys(FLAGS, 1),
    "お客様側管理番号": 15, "発送予定日": 8, "郵便種別": 1, "元／着払／代引": 1, "送り状種別": 20,
    "お届け先 郵便番号": 8, "お届け先 電話番号": 20, "ご依頼主 郵便番号": 8,
    "ご依頼主 電話番号": 20, "受注番号": 20, "速達・配達日指定種別": 1, "配達指定日／希望日": 8,
    "配達時間帯区分": 2, "複数個口数": 2, "記事名１": 30, "代引金額": 7, "代引消費税金額": 7,
    "品名": 50, "個数": 5,
}  # fmt: skip


def row(label: Label, sender: Sender) -> Row:
    cod = label.cod_yen is not None
    day = f"{label.delivery_date:%Y%m%d}" if label.delivery_date else ""
    return {
        **dict.fromkeys(FLAGS, "0"),
        **spread(f"{label.address}　{label.building}", TO, LINE),
        **spread(label.name, WHOM, LINE),
        **spread(f"{sender.address}　{sender.building}", FROM, LINE),
        **spread(sender.name, WHO, LINE),
        "お客様側管理番号": label.reference,
        "発送予定日": f"{label.ships_on:%Y%m%d}",
        "郵便種別": "0",
        "元／着払／代引": "2" if cod else "0",
        "送り状種別": sender.yupack_kind,
        "お届け先 郵便番号": label.postal_code,
        "お届け先 電話番号": label.phone,
        "ご依頼主 郵便番号": sender.postal_code,
        "ご依頼主 電話番号": sender.phone,
        "受注番号": label.reference,
        "速達・配達日指定種別": "2" if day else "0",
        "配達指定日／希望日": day,
        "配達時間帯区分": slot_code(label, CARRIERS["yupack"].slots, "配達時間帯区分") or "00",
        "複数個口数": "1",
        "記事名１": label.contents,
        "代引金額": str(label.cod_yen) if cod else "",
        "代引消費税金額": str(label.cod_tax_yen) if cod else "",
        "品名": label.contents,
        "個数": "1",
    }


LAYOUT = Layout(
    carrier="yupack", columns=COLUMNS, widths=WIDTHS, row=row, cod_max_yen=300_000,
    required=frozenset({
        "お届け先 郵便番号", "お届け先 住所１", "お届け先 名称１", "お届け先 電話番号",
        "送り状種別", "ご依頼主 郵便番号", "ご依頼主 住所１", "ご依頼主 名称１",
        "ご依頼主 電話番号",
    }),
)  # fmt: skip
