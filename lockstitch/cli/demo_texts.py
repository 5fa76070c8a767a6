"""The words of the demo's stories, questions and homes. Invented, like the shops."""

from typing import Any

Story = tuple[str, dict[str, Any]]
Text = dict[str, str]


def _p(ja: str, en: str) -> dict[str, Any]:
    return {"type": "text", "body": {"ja": f"<p>{ja}</p>", "en": f"<p>{en}</p>"}}


def _h(ja: str, en: str) -> dict[str, Any]:
    return {"type": "heading", "text": {"ja": ja, "en": en}}


def _rail(ja: str, en: str, numbers: str) -> dict[str, Any]:
    return {"type": "rail", "title": {"ja": ja, "en": en}, "rule": "list", "value": numbers}


FEATURES: dict[str, list[Story]] = {
    "north": [
        ("how-wool-is-fulled", {
            "title": {"ja": "縮絨という、待つ仕事", "en": "Fulling, or the art of waiting"},
            "lead": {"ja": "ウールを水と石けんの中で縮めていく。風を通さないメルトンは、"
                           "急がないことでできています。",
                     "en": "Wool shrinks in water and soap. A melton that stops the wind is made"
                           " of not hurrying."},
            "blocks": [
                _h("布が半分になる", "The cloth becomes half its size"),
                _p("織り上がったばかりの生地は、まだ向こうが透けて見えます。湯と石けん、それから"
                   "時間。三日かけて幅を半分にすると、糸と糸のあいだの風が消えます。",
                   "Fresh from the loom you can still see through it. Hot water, soap and time:"
                   " after three days it is half as wide, and the wind between the threads is"
                   " gone."),
                {"type": "quote",
                 "text": {"ja": "縮めすぎた布は戻らない。\nだから、最後の一時間は手でさわる。",
                          "en": "Cloth that was fulled too far never comes back.\nSo for the last"
                                " hour we go by hand."},
                 "by": {"ja": "整理場の人", "en": "The man at the fulling mill"}},
                {"type": "coordinate", "title": {"ja": "メルトンを着る", "en": "Wearing melton"},
                 "numbers": "1 4"},
                _rail("この特集の服", "In this story", "NN-2611 NN-2607 NN-2610 NN-2616"),
            ],
        }),
    ],
    "south": [
        ("colour-has-no-answer", {
            "title": {"ja": "配色に正解はない、たぶん", "en": "There is no right colour, probably"},
            "lead": {"ja": "迷ったら両方。アトリエの配色会議をのぞいてみました。",
                     "en": "If in doubt, both. A look into the atelier's colour meeting."},
            "blocks": [
                _p("会議は三分で終わります。ひとりが色紙を投げ、もうひとりが受け取った二枚で決める。"
                   "外れたことは、まだありません。",
                   "The meeting takes three minutes. One throws the paper, the other keeps the"
                   " two that were caught. It has not failed yet."),
                {"type": "coordinate", "title": {"ja": "投げて決まった組み合わせ",
                 "en": "Caught in the air"}, "numbers": "1 2 3"},
                _rail("主役の色たち", "The loud ones", "SP-2701 SP-2707 SP-2705 SP-2708"),
            ],
        }),
    ],
    "east": [
        ("the-six", {
            "title": {"en": "Why there are six", "ja": "なぜ六つなのか"},
            "lead": {"en": "We could have made more. We made these again instead.",
                     "ja": "もっと作ることもできました。かわりに、同じものを作り直しました。"},
            "blocks": [
                _p("海で要るものは六つ。それ以上は、持って走れません。",
                   "There are six things you need by the sea. More than that, and you cannot run"
                   " with them."),
                _h("直して使う", "Repair"),
                _p("五年目の袖口、八年目のファスナー。番号を伝えて送るだけです。",
                   "Cuffs in year five, a zip in year eight. Quote the number and send it."),
                _rail("六つ", "The six", "EA-101 EA-102 EA-103 EA-104 EA-105 EA-106"),
            ],
        }),
    ],
}  # fmt: skip
NEWS: dict[str, list[Story]] = {
    "north": [
        ("winter-hours", {
            "title": {"ja": "冬季の営業時間について", "en": "Winter opening hours"},
            "blocks": [_p("12月から2月まで、代官山店は11時から19時の営業です。",
                          "From December to February our Daikanyama shop is open from 11 to 19.")],
        }),
        ("repair-days", {
            "title": {"ja": "お直しの受付日", "en": "Repair days"},
            "blocks": [_p("毎月第一土曜は、ほつれの縫い直しを店頭で承ります。",
                          "On the first Saturday of each month seams are sewn again while you"
                          " wait.")],
        }),
    ],
    "south": [
        ("new-colour", {
            "title": {"ja": "ミントグリーン、入りました", "en": "Mint green is in"},
            "blocks": [_p("レフトフックパーカに新しい色が加わりました。少ないです、急いで。",
                          "The Left Hook hoodie has a new colour. There are few: hurry.")],
        }),
    ],
    "east": [
        ("repairs", {
            "title": {"en": "Repairs are open again", "ja": "お直しの受付を再開しました"},
            "blocks": [_p("番号をご用意ください。", "Please have your number ready.")],
        }),
    ],
}  # fmt: skip
_FAQ: list[dict[str, Any]] = [
    {"type": "section", "title": {"ja": "お届け", "en": "Delivery"}},
    {"type": "question", "question": {"ja": "いつ届きますか。", "en": "When will it arrive?"},
     "answer": {"ja": "<p>ご注文から3日以内に発送します。日時はご注文の際にお選びください。</p>",
                "en": "<p>It leaves within three days. You choose day and time at the"
                      " checkout.</p>"}},
    {"type": "question", "question": {"ja": "送料はいくらですか。", "en": "What is the postage?"},
     "answer": {"ja": "<p>全国一律660円、11,000円以上で無料です。</p>",
                "en": "<p>660 yen anywhere in Japan, free from 11,000 yen.</p>"}},
    {"type": "section", "title": {"ja": "返品・交換", "en": "Returns and exchanges"}},
    {"type": "question",
     "question": {"ja": "サイズが合いませんでした。", "en": "The size does not fit."},
     "answer": {"ja": "<p>未着用でしたら、到着から8日以内に注文のページからお申し込みください。"
                      "サイズの交換もできます。</p>",
                "en": "<p>Unworn pieces can be sent back within eight days, from the page of your"
                      " order; another size can be had instead.</p>"}},
    {"type": "section", "title": {"ja": "個人情報", "en": "Your data"}},
    {"type": "question",
     "question": {"ja": "住所は誰が見られますか。", "en": "Who can see my address?"},
     "answer": {"ja": "<p>住所は別の仕組みで封をして保管し、開けるたびに記録が残ります。"
                      "記録はマイページでご覧いただけます。</p>",
                "en": "<p>It is kept sealed by a separate service. Each opening is written down,"
                      " and you can read the list in your account.</p>"}},
]  # fmt: skip
FAQS: dict[str, list[dict[str, Any]]] = {"north": _FAQ, "south": _FAQ, "east": _FAQ}


def _both(ja: str, en: str) -> Text:
    return {"ja": ja, "en": en}


LAW: dict[str, Text] = {
    "seller": _both("株式会社ひかりアパレル（架空の会社です）",
                    "Hikari Apparel (an invented company)"),
    "manager": _both("見本 一郎", "Ichiro Mihon"),
    "address": _both("〒150-0001 東京都渋谷区神宮前0-0-0（架空）",
                     "0-0-0 Jingumae, Shibuya, Tokyo 150-0001 (invented)"),
    "phone": _both("03-0000-0000（受付 平日10:00〜17:00）", "03-0000-0000, weekdays 10 to 17"),
    "email": _both("shop@example.jp", "shop@example.jp"),
    "prices": _both("各商品ページに消費税込みの価格を表示しています。",
                    "On each product's page, tax included."),
    "extra": _both("送料 全国一律660円（税込11,000円以上のご注文は無料）。"
                   "代金引換手数料 330円〜1,100円。",
                   "Postage 660 yen (free from 11,000 yen); cash on delivery 330 to 1,100 yen."),
    "payment": _both("代金引換、銀行振込", "Cash on delivery, bank transfer"),
    "payment_due": _both("代金引換: お届け時。銀行振込: ご注文から7日以内。",
                         "Cash on delivery: at the door. Transfer: within seven days."),
    "delivery": _both("代金引換はご注文から、銀行振込はご入金の確認から、"
                      "3日以内に発送します。",
                      "Sent within three days of the order, or of the transfer."),
    "returns": _both("未着用でタグの付いた商品に限り、到着後8日以内。"
                     "お客さまのご都合による返品の送料はお客さまのご負担です。キャンセルは発送前まで承ります。",
                     "Unworn and tagged, within eight days, at your cost. Cancellation until it"
                     " is sent."),
    "defects": _both("不良品・誤配送の場合は、送料当店負担で交換または返金します。",
                     "Faulty or wrong goods are exchanged or refunded at our cost."),
}  # fmt: skip

_HERO, _NEW, _CATEGORIES, _STORY = (
    {"type": name} for name in ("hero", "new", "categories", "story")
)
HOMES: dict[str, list[dict[str, Any]]] = {
    "north": [
        _HERO, _NEW, {"type": "coordinates"}, _CATEGORIES, {"type": "features"}, _STORY,
        {"type": "news"},
    ],
    "south": [
        _HERO, {"type": "coordinates", "title": _both("今週のまぜかた", "This week's mix")},
        _NEW, {"type": "ranking"}, {"type": "features"}, _CATEGORIES, _STORY, {"type": "news"},
    ],
    "east": [
        _HERO,
        {"type": "rail", "title": _both("六つ", "The six"), "rule": "list",
         "value": "EA-101 EA-102 EA-103 EA-104 EA-105 EA-106"},
        {"type": "template", "source": "<p>{{ shop.name }}: {% for one in products %}"
         '<a href="{{ one.link }}">{{ one.name }}</a> {{ one.price }}'
         "{% unless forloop.last %} / {% endunless %}{% endfor %}</p>"},
        _STORY, {"type": "coordinates", "title": _both("着かた", "Worn")},
        {"type": "features"}, {"type": "news"},
    ],
}  # fmt: skip
