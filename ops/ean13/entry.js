// What lockstitch/looks/static/looks/ean13.js is made of, as decision 046 says.
import BinaryBitmap from "@zxing/library/es2015/core/BinaryBitmap.js";
import GlobalHistogramBinarizer from "@zxing/library/es2015/core/common/GlobalHistogramBinarizer.js";
import EAN13Reader from "@zxing/library/es2015/core/oned/EAN13Reader.js";
import RGBLuminanceSource from "@zxing/library/es2015/core/RGBLuminanceSource.js";

const reader = new EAN13Reader();

// The thirteen digits of a code that lies across these pixels (an ImageData); null without one.
export function read({ data, width, height }) {
  const source = new RGBLuminanceSource(new Int32Array(data.buffer), width, height);
  try {
    return reader.decode(new BinaryBitmap(new GlobalHistogramBinarizer(source))).getText();
  } catch {
    return null;
  }
}
