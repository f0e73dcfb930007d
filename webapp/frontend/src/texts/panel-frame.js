// What the frame of a properties panel says, around the fields, English -> Indonesian. Its parts take a translation from
// those who use them, who do not all give one; so the build puts these in (plugins.mjs).
export default {
  'Create': 'Tambah',
  'Create new list item': 'Tambah baris',
  'Delete item': 'Hapus baris',
  'Toggle section': 'Buka atau tutup bagian',
  'Toggle list item': 'Buka atau tutup baris',
  'Section contains edits': 'Bagian ini terisi',
  'Section contains an error': 'Bagian ini salah',
  'List contains {numOfItems} items': 'Daftar berisi {numOfItems}',
  'Open pop-up editor': 'Buka di jendela besar',
  'FEEL expression is mandatory': 'Harus berupa ekspresi FEEL',
  'Remove the FEEL expression': 'Hapus ekspresi FEEL',
  'Use a FEEL expression': 'Isi dengan ekspresi FEEL',
};
