// A photo made smaller before it is sent: a weak line carries a tenth, and what the phone wrote into the file (where
// and when it was taken) never leaves the phone. The server does both again.

const EDGE = 2000; // pixels of the longer side: a page of text stays readable
const QUALITY = 0.85;

// The file as it is to be sent; itself where it is no picture, or one that this browser cannot draw.
export async function shrunk(file) {
  if (!file.type.startsWith('image/')) return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const pen = canvas.getContext('2d');
    pen.fillStyle = 'white'; // behind what is transparent: JPEG would make it black
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
    return blob ? new File([blob], file.name, { type: 'image/jpeg' }) : file;
  } catch {
    return file; // the server says what is wrong with it
  }
}
