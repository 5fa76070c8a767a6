"""The range of SOUTHPAW ATELIER: loud colours for the street."""

from lockstitch.cli.demo_piece import CLOTHES, FREE, SHOES, Hue, Piece

CORAL, SKY, LEMON, MINT, PINK, LILAC = (
    "#e8735f", "#8fbfe6", "#f2cd55", "#93cdb0", "#f2b6bd", "#b9a8dc",
)  # fmt: skip

PIECES: tuple[Piece, ...] = (
    Piece(
        "left-hook-hoodie", "SP-2701", "tops",
        {"ja": "レフトフック パーカ", "en": "Left Hook hoodie"},
        {"ja": "殴り合いには向きません、やわらかすぎるので。裏起毛をたっぷり効かせた、"
               "フードの立ち上がりが自慢の一枚。"
               "袖はあえて長め、肩はずんと落ちます。",
         "en": "No good in a fight: far too soft. Thickly brushed inside, with a hood that"
               " stands up for itself,"
               " long sleeves and a big dropped shoulder."},
        {"ja": "綿100%", "en": "100% cotton"}, "hoodie", "sweat",
        (Hue("20", "トマトレッド", "Tomato red", "#d9412f", "red", wall=SKY),
         Hue("52", "コバルトブルー", "Cobalt blue", "#2c55b8", "blue", wall=LEMON),
         Hue("62", "ミントグリーン", "Mint green", "#7cc3a2", "green", wall=CORAL)), CLOTHES, 15400,
    ),
    Piece(
        "deckchair-stripe-tee", "SP-2702", "tops",
        {"ja": "デッキチェア ボーダーT", "en": "Deckchair stripe tee"},
        {"ja": "海辺の椅子から借りてきた、太めのボーダー。厚手の天竺なので、"
               "洗ってもへこたれません。"
               "サイズを上げて、ばさっと着るのがおすすめです。",
         "en": "Stripes borrowed from a seaside chair, in a heavy jersey that does not mind the"
               " wash. Size up and"
               " let it flap."},
        {"ja": "綿100%", "en": "100% cotton"}, "tee", "jersey+stripe:#f6f1e4",
        (Hue("53", "ブルー", "Blue", "#2f6fb5", "blue", wall=CORAL),
         Hue("31", "オレンジ", "Orange", "#e07a33", "orange", wall=MINT)), CLOTHES, 7150,
         second="back",
    ),
    Piece(
        "picnic-gingham-shirt", "SP-2703", "tops",
        {"ja": "ピクニック ギンガムシャツ", "en": "Picnic gingham shirt"},
        {"ja": "お弁当を包みたくなる、大きなギンガム。ひとまわり大きい身幅に、"
               "肩の落ちたシルエット。"
               "ジャケット代わりに前を開けて着てください。",
         "en": "A check big enough to wrap lunch in. One size roomier than it needs to be, and"
               " best worn open like"
               " a jacket."},
        {"ja": "綿100%", "en": "100% cotton"}, "shirt", "poplin+gingham:#f8f5ec",
        (Hue("63", "グリーン", "Green", "#3f8f5f", "green", wall=PINK),
         Hue("41", "ピンク", "Pink", "#e27d92", "pink", wall=SKY)), CLOTHES, 9240, 13200,
    ),
    Piece(
        "bumblebee-knit", "SP-2704", "tops",
        {"ja": "バンブルビー 太ボーダーニット", "en": "Bumblebee knit"},
        {"ja": "マルハナバチに負けない太ボーダー。ふくらみのある糸で編んでいるので、"
               "見た目よりずっと軽い。"
               "遠くからでも見つけてもらえます。",
         "en": "Stripes as wide as a bumblebee is proud, in a lofty yarn that is lighter than it"
               " looks. Your friends"
               " will find you across the station."},
        {"ja": "アクリル60% 毛40%", "en": "60% acrylic, 40% wool"}, "crew", "knit+wide:#2b2a2e",
        (Hue("25", "マスタード", "Mustard", "#e0a92f", "yellow", wall=LILAC),
         Hue("43", "ローズピンク", "Rose pink", "#e58aa0", "pink", wall=LEMON,
         cloth="knit+wide:#a32f3a")),
        CLOTHES, 16500,
    ),
    Piece(
        "parachute-blouson", "SP-2705", "outerwear",
        {"ja": "パラシュート ブルゾン", "en": "Parachute blouson"},
        {"ja": "くしゃくしゃに丸めて、鞄に放り込める軽さ。しわがそのまま表情になるナイロンです。"
               "急な雨にも、少しだけ強い。",
         "en": "Light enough to crumple into a bag, in a nylon whose creases are the point. It"
               " shrugs off a passing"
               " shower."},
        {"ja": "ナイロン100%", "en": "100% nylon"}, "blouson", "nylon",
        (Hue("55", "ウルトラマリンブルー", "Ultramarine blue", "#3348a8", "blue", wall=CORAL),
         Hue("30", "サフランオレンジ", "Saffron orange", "#e88a25", "orange", wall=SKY)), CLOTHES,
         22000,
        second="back",
    ),
    Piece(
        "polka-party-dress", "SP-2706", "dresses",
        {"ja": "ポルカパーティー ワンピース", "en": "Polka party dress"},
        {"ja": "回れば、裾がまるく広がります。水玉は手描きの原画から起こした、少しだけいびつな丸。"
               "スニーカーで着るのが南の流儀です。",
         "en": "Turn around and the hem becomes a circle. The dots come from hand-painted ones,"
               " and down here it is"
               " worn with sneakers."},
        {"ja": "綿100%", "en": "100% cotton"}, "dress", "poplin+dots:#fbf4e2",
        (Hue("21", "チェリーレッド", "Cherry red", "#c5333a", "red", wall=PINK),
         Hue("64", "エメラルドグリーン", "Emerald green", "#1f7a5c", "green", wall=LEMON)),
         CLOTHES, 18700,
    ),
    Piece(
        "lemon-leaf-skirt", "SP-2707", "bottoms",
        {"ja": "レモンリーフ フレアスカート", "en": "Lemon leaf skirt"},
        {"ja": "切り絵のような葉を、布いっぱいに散らしました。たっぷり六枚はぎのフレアは、"
               "自転車に乗っても平気です。"
               "ポケットも、ちゃんとあります。",
         "en": "Cut-paper leaves all over a six-panel flare, wide enough for a bicycle. And yes,"
               " it has pockets."},
        {"ja": "綿100%", "en": "100% cotton"}, "flared", "poplin+leaves:#2d7a62",
        (Hue("24", "レモンイエロー", "Lemon yellow", "#f0cf58", "yellow", wall=CORAL),
         Hue("54", "ソーダブルー", "Soda blue", "#9ccbe8", "blue", wall=LEMON,
         cloth="poplin+leaves:#2a4fa3")),
        CLOTHES, 12760, 15950,
    ),
    Piece(
        "corduroy-wides", "SP-2708", "bottoms",
        {"ja": "太畝コーデュロイ ワイドパンツ", "en": "Corduroy wides"},
        {"ja": "太い畝が、歩くたびにしゃかしゃか鳴ります。腰まわりはすっきり、裾はどーんと。"
               "古着屋で見つけた父の一本がお手本です。",
         "en": "Fat cords that whistle as you walk. Neat at the hip and enormous at the hem,"
               " after a pair that was"
               " somebody's father's."},
        {"ja": "綿98% ポリウレタン2%", "en": "98% cotton, 2% elastane"}, "wide", "cord",
        (Hue("32", "テラコッタ", "Terracotta", "#b5562f", "orange", wall=MINT),
         Hue("70", "ラベンダー", "Lavender", "#9a86c4", "purple", wall=LEMON)), CLOTHES, 16500,
    ),
    Piece(
        "pool-shorts", "SP-2709", "bottoms",
        {"ja": "プールサイド ショーツ", "en": "Poolside shorts"},
        {"ja": "泳いでもいい、泳がなくてもいい。すぐ乾くナイロンを、"
               "たっぷりの渡り幅で仕立てました。"
               "腰の紐は、結ばずに垂らして。",
         "en": "Swim in them, or do not. Fast-drying nylon with plenty of room; leave the cord"
               " untied."},
        {"ja": "ナイロン100%", "en": "100% nylon"}, "shorts", "nylon",
        (Hue("61", "パームグリーン", "Palm green", "#2b8b68", "green", trim="#f6f1e4", wall=PINK),
         Hue("42", "ホットピンク", "Hot pink", "#dc4f80", "pink", trim="#f6f1e4", wall=SKY)),
         CLOTHES, 9900,
    ),
    Piece(
        "southpaw-court", "SP-2710", "shoes",
        {"ja": "サウスポー コート", "en": "Southpaw Court"},
        {"ja": "踵とラインの色がきいた、左利きのためのコートシューズ。"
               "右利きの方にもよく似合います。"
               "中敷きは厚く、一日歩いても平気です。",
         "en": "A court shoe for left-handers, with a flash of colour at the heel. It suits"
               " right-handers too. Thick"
               " insoles for long days."},
        {"ja": "牛革、合成底", "en": "Cow leather, rubber sole"}, "sneaker", "leather",
        (Hue("02", "ホワイト×グリーン", "White and green", "#f3f0e7", "white", trim="#2f8a5b",
        wall=CORAL),
         Hue("03", "ホワイト×ブルー", "White and blue", "#f3f0e7", "white", trim="#2c55b8",
         wall=LEMON)),
        SHOES, 17600,
    ),
    Piece(
        "market-tote", "SP-2711", "accessories",
        {"ja": "マーケット トート", "en": "Market tote"},
        {"ja": "大根も、長ねぎも、花束も入る。厚い帆布を一枚で仕立て、"
               "持ち手は肩にかけられる長さにしました。"
               "汚れたら、丸ごと洗えます。",
         "en": "It takes a daikon, leeks and a bunch of flowers. Heavy canvas, handles long"
               " enough for the shoulder,"
               " and it goes in the wash."},
        {"ja": "綿100%(8号帆布)", "en": "100% cotton canvas"}, "tote", "plain",
        (Hue("23", "サンイエロー", "Sun yellow", "#efbe3c", "yellow", trim="#f6f1e4", wall=SKY),
         Hue("22", "ポピーレッド", "Poppy red", "#cf3e34", "red", trim="#f6f1e4", wall=MINT)),
         FREE, 6050,
    ),
    Piece(
        "sunday-cap", "SP-2712", "accessories",
        {"ja": "サンデー キャップ", "en": "Sunday cap"},
        {"ja": "寝ぐせの日曜日のための、浅めの六枚はぎ。ツイルを洗って、"
               "はじめから少しくたびれさせています。"
               "後ろのストラップで大きさを変えられます。",
         "en": "A shallow six-panel for Sunday hair, in twill washed until slightly tired."
               " Adjust it with the strap"
               " at the back."},
        {"ja": "綿100%", "en": "100% cotton"}, "cap", "twill",
        (Hue("52", "コバルトブルー", "Cobalt blue", "#2c5fb3", "blue", trim="#f2cd55", wall=LEMON),
         Hue("60", "ピーグリーン", "Pea green", "#7ba348", "green", trim="#f6f1e4", wall=PINK)),
         FREE, 5940,
        second="back",
    ),
)  # fmt: skip
