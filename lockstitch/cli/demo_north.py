"""The range of NORTH & NEEDLE: quiet clothes in neutral colours."""

from lockstitch.cli.demo_piece import CLOTHES, FREE, FRENCH, SHOES, Hue, Piece

ECRU = Hue("04", "エクリュ", "Ecru", "#e8e1d3", "white")
WHITE = Hue("01", "オフホワイト", "Off white", "#f3f1ea", "white")
SUMI = Hue("99", "墨", "Sumi black", "#26262a", "black")
NAVY = Hue("58", "ネイビー", "Navy", "#27324a", "navy")
CHARCOAL = Hue("92", "チャコール", "Charcoal", "#474a4e", "gray")
CAMEL = Hue("33", "キャメル", "Camel", "#b1895c", "brown")

PIECES: tuple[Piece, ...] = (
    Piece(
        "dense-jersey-tee", "NN-2601", "cut-and-sewn",
        {"ja": "度詰め天竺 クルーネックT", "en": "Dense jersey tee"},
        {"ja": "目を詰めて編んだ天竺は、さらりと乾いた手ざわり。肩をわずかに落とし、"
               "身幅にゆとりを持たせました。"
               "一枚でも、シャツの下でも、輪郭がきれいに残ります。",
         "en": "A tightly knitted jersey with a dry, cool hand. The shoulder drops slightly and"
               " the body is"
               " roomy, so it keeps its line alone or under a shirt."},
        {"ja": "綿100%", "en": "100% cotton"}, "tee", "jersey",
        (ECRU, SUMI, Hue("65", "セージ", "Sage green", "#8f9c86", "green")), CLOTHES, 6600,
        second="back",
    ),
    Piece(
        "broadcloth-shirt", "NN-2603", "shirts",
        {"ja": "120双ブロード レギュラーカラーシャツ", "en": "Broadcloth shirt"},
        {"ja": "120番手双糸のブロードを、洗いざらしで着られるやわらかさに仕上げました。"
               "衿は小さめ、裾は長めのラウンド。"
               "アイロンをかけない日のほうが、かえって似合います。",
         "en": "Two-ply broadcloth, washed until soft enough to wear unironed. A small collar"
               " and a long rounded"
               " tail; it looks better on the days you do not press it."},
        {"ja": "綿100%", "en": "100% cotton"}, "shirt", "poplin",
        (WHITE, Hue("51", "サックス", "Sax blue", "#bccddd", "blue")), CLOTHES, 17600,
    ),
    Piece(
        "linen-band-collar-shirt", "NN-2604", "shirts",
        {"ja": "リネン バンドカラーシャツ", "en": "Linen band-collar shirt"},
        {"ja": "フランス産の麻を、国内の古い織機でゆっくりと織りました。"
               "糸のふくらみがそのまま表情になり、"
               "着るほどに肌になじみます。",
         "en": "French flax, woven slowly in Japan on old looms. The slubs of the yarn make its"
               " surface, and"
               " every wearing makes it softer."},
        {"ja": "麻100%", "en": "100% linen"}, "band_shirt", "linen",
        (Hue("12", "ナチュラル", "Natural", "#d3c6ae", "beige"), NAVY), CLOTHES, 16940, 24200,
    ),
    Piece(
        "lambswool-crew", "NN-2607", "knitwear",
        {"ja": "ラムズウール クルーネックニット", "en": "Lambswool crew neck"},
        {"ja": "空気を含ませて紡いだラムズウールを、軽く、あたたかく。"
               "衿ぐりのリブは二重に仕立て、伸びにくくしています。"
               "毎年着られる、冬の基本の一枚です。",
         "en": "Lambswool spun with plenty of air, light and warm. The neck rib is doubled so"
               " that it holds its"
               " shape: a winter staple for years."},
        {"ja": "毛100%", "en": "100% wool"}, "crew", "knit",
        (Hue("81", "ボルドー", "Bordeaux", "#6b2f33", "red"), CHARCOAL), CLOTHES, 19800,
    ),
    Piece(
        "aran-cardigan", "NN-2608", "knitwear",
        {"ja": "アラン カーディガン", "en": "Aran cardigan"},
        {"ja": "縄編みを立体的に浮かび上がらせた、厚手のカーディガン。"
               "水牛調の大ぶりなボタンがアクセントです。"
               "羽織ものとして、長い季節をともにできます。",
         "en": "A heavy cardigan with cables that stand out from the ground, closed with large"
               " horn-effect"
               " buttons. Wear it as a jacket from autumn to spring."},
        {"ja": "毛80% ナイロン20%", "en": "80% wool, 20% nylon"}, "cardigan", "cable",
        (ECRU, Hue("77", "モカ", "Mocha brown", "#7c6553", "brown")), CLOTHES, 36300,
    ),
    Piece(
        "flannel-jacket", "NN-2610", "outerwear",
        {"ja": "ウールフラノ 2Bジャケット", "en": "Wool flannel jacket"},
        {"ja": "起毛させたフラノを、芯地を省いて軽やかに仕立てました。"
               "カーディガンのように羽織れて、"
               "衿を正せばきちんと見える。その中間にある一着です。",
         "en": "Brushed flannel, tailored without canvas. It slips on like a cardigan and still"
               " looks proper"
               " once buttoned."},
        {"ja": "表地:毛100% 裏地:キュプラ100%", "en": "Shell 100% wool, lining 100% cupro"},
        "jacket", "wool", (CHARCOAL, NAVY), FRENCH, 49500,
    ),
    Piece(
        "chesterfield-coat", "NN-2611", "outerwear",
        {"ja": "ビーバーメルトン チェスターコート", "en": "Beaver melton chesterfield"},
        {"ja": "しっかりと縮絨したメルトンは、風を通さず、驚くほど軽い。肩線はなだらかに、"
               "丈は膝下まで。"
               "厚手のニットの上にも、ゆったりと重なります。",
         "en": "A well-fulled melton that keeps the wind out and weighs little. Soft in the"
               " shoulder, below the"
               " knee in length, and roomy over a heavy knit."},
        {"ja": "表地:毛90% カシミヤ10% 裏地:キュプラ100%",
         "en": "Shell 90% wool, 10% cashmere; lining 100% cupro"},
        "coat", "wool", (CAMEL, SUMI), FRENCH, 58300, second="back",
    ),
    Piece(
        "gabardine-trench", "NN-2612", "outerwear",
        {"ja": "コットンギャバ トレンチコート", "en": "Cotton gabardine trench"},
        {"ja": "高密度のギャバジンに撥水をほどこした、春秋のためのトレンチ。"
               "ベルトを結べば裾が静かに広がります。"
               "細部は由来に忠実に、重さだけを手放しました。",
         "en": "Dense, water-repellent gabardine for spring and autumn. Tie the belt and the hem"
               " opens quietly."
               " The details keep to the original; the weight does not."},
        {"ja": "綿100%", "en": "100% cotton"}, "trench", "twill",
        (Hue("36", "ベージュ", "Beige", "#c8b694", "beige"),
         Hue("68", "オリーブ", "Olive", "#646349", "khaki")), FRENCH, 47520, 59400,
    ),
    Piece(
        "satin-slip-dress", "NN-2614", "dresses",
        {"ja": "バイアスサテン スリップドレス", "en": "Bias satin slip dress"},
        {"ja": "生地を斜めに使い、体の動きに沿って流れるように裁ちました。"
               "胸元には小さなドレープをひとつ。"
               "ニットを重ねて、冬にもどうぞ。",
         "en": "Cut on the bias so that it follows you as you move, with a single small drape at"
               " the neck."
               " Layer it under knitwear in winter."},
        {"ja": "トリアセテート70% ポリエステル30%", "en": "70% triacetate, 30% polyester"},
        "slip", "satin", (Hue("78", "グレージュ", "Greige", "#9a8a7a", "beige"), SUMI), FRENCH,
        27500,
    ),
    Piece(
        "pleated-wool-skirt", "NN-2615", "bottoms",
        {"ja": "ウールトロ プリーツスカート", "en": "Pleated wool skirt"},
        {"ja": "薄手のトロピカルウールに、ほどけないプリーツを深く。歩くたびに陰影が移ろいます。"
               "ウエストは後ろだけゴム仕様です。",
         "en": "Deep, permanent pleats in a light tropical wool; the shadows shift at every"
               " step. The waist is"
               " elasticated at the back only."},
        {"ja": "毛100%", "en": "100% wool"}, "pleated", "wool",
        (Hue("93", "ブルーグレー", "Blue grey", "#626a77", "gray"), ECRU), FRENCH, 24200,
    ),
    Piece(
        "selvedge-straight-jeans", "NN-2616", "bottoms",
        {"ja": "セルヴィッチ ストレートデニム", "en": "Selvedge straight jeans"},
        {"ja": "岡山の旧式力織機で織る13オンスのデニム。股上はやや深め、"
               "膝からまっすぐに落ちる一本です。"
               "色は、着る人がつくります。",
         "en": "Thirteen-ounce denim from old shuttle looms in Okayama. A slightly high rise,"
               " straight from the"
               " knee. The fading is yours to make."},
        {"ja": "綿100%", "en": "100% cotton"}, "straight", "denim",
        (Hue("59", "インディゴ", "Indigo", "#33435f", "navy"), Hue("98", "ブラック", "Black",
        "#2b2b2d", "black")),
        FRENCH, 19800, second="back",
    ),
    Piece(
        "penny-loafers", "NN-2618", "shoes",
        {"ja": "ペニーローファー", "en": "Penny loafers"},
        {"ja": "手縫いのモカシンに、ほどよく丸みのある木型を合わせました。"
               "履きはじめから足なじみのよい、"
               "やわらかなステアレザーを使っています。",
         "en": "Hand-sewn moccasin uppers on a gently rounded last, in supple steer leather that"
               " is comfortable"
               " from the first day."},
        {"ja": "牛革", "en": "Cow leather"}, "loafer", "leather",
        (Hue("76", "ダークブラウン", "Dark brown", "#4a2c22", "brown"), SUMI), SHOES, 38500,
    ),
    Piece(
        "crescent-shoulder-bag", "NN-2620", "accessories",
        {"ja": "クレセント ショルダーバッグ", "en": "Crescent shoulder bag"},
        {"ja": "一枚革を三日月のかたちに裁ち、肩にやわらかく沿わせました。長財布と文庫本が入る、"
               "ちょうどよい大きさです。",
         "en": "A crescent cut from a single hide that settles softly under the arm. It takes a"
               " long wallet and a"
               " paperback."},
        {"ja": "牛革", "en": "Cow leather"}, "shoulder_bag", "leather",
        (SUMI, Hue("75", "チョコ", "Chocolate", "#5a3d2e", "brown")), FREE, 32450,
    ),
)  # fmt: skip
