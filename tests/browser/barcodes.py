"""An EAN-13 as a picture, and a camera that looks at it. Drawn by the standard's own tables: what
reads it and what draws it have nothing in common."""

import base64
import io

from PIL import Image

LEFT = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011",
        "0110111", "0001011")  # fmt: skip
# Which of the six digits on the left are of the second set; the thirteenth is told by that.
PARITY = ("000000", "001011", "001101", "001110", "010011", "011001", "011100", "010101", "010110",
          "011010")  # fmt: skip


def _flipped(bars: str) -> str:
    return bars.translate(str.maketrans("01", "10"))


def bars(code: str) -> str:
    """95 modules, 1 is black."""
    right = [_flipped(LEFT[int(digit)]) for digit in code[7:]]
    left = [
        right_of(digit)[::-1] if even == "1" else LEFT[int(digit)]
        for digit, even in zip(code[1:7], PARITY[int(code[0])], strict=True)
    ]
    return "101" + "".join(left) + "01010" + "".join(right) + "101"


def right_of(digit: str) -> str:
    return _flipped(LEFT[int(digit)])


def barcode(code: str, *, module: int = 4, turn: int = 0) -> Image.Image:
    """On a grey ground with some of a table around it, as a phone sees it."""
    stripes = Image.new("L", (95, 1), 255)
    stripes.putdata([0 if bar == "1" else 255 for bar in bars(code)])
    label = Image.new("L", ((95 + 24) * module, 60 * module), 245)
    label.paste(stripes.resize((95 * module, 40 * module), Image.Resampling.NEAREST),
                (12 * module, 10 * module))  # fmt: skip
    table = Image.new("L", (640, 640), 120)
    table.paste(label, ((640 - label.width) // 2, (640 - label.height) // 2))
    return table.rotate(turn, fillcolor=120, resample=Image.Resampling.BICUBIC)


def data_uri(image: Image.Image) -> str:
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def camera(picture: str) -> str:
    """A script: the camera shows that picture for ever."""
    return f"""navigator.mediaDevices.getUserMedia = async () => {{
      const image = new Image();
      image.src = "{picture}";
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"),
        {{ width: image.width, height: image.height }});
      const paper = canvas.getContext("2d");
      setInterval(() => paper.drawImage(image, 0, 0), 50);
      window.cameraStream = canvas.captureStream(20);
      return window.cameraStream;
    }};"""


NO_CAMERA = """navigator.mediaDevices.getUserMedia =
  async () => { throw new DOMException("no", "NotAllowedError"); };"""


def detector(code: str) -> str:
    """A script: a browser with a reader of its own, which reads this."""
    return f"""window.BarcodeDetector = class {{
      static async getSupportedFormats() {{ return ["ean_13"]; }}
      async detect(view) {{ return view.videoWidth ? [{{ rawValue: "{code}" }}] : []; }}
    }};"""
