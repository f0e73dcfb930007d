// What the scripts of a worker's pages say, English -> Indonesian.
export default {
  'No connection. What you typed is still here; send it again when the connection is back.':
    'Tidak ada sambungan. Isian Anda masih ada di sini; kirim lagi setelah tersambung.',
  'Your session has ended. Sign in in another tab, then send again; what you typed is still here.':
    'Sesi Anda sudah berakhir. Masuk lagi di tab lain, lalu kirim ulang; isian Anda masih ada di sini.',
  'Somebody else has completed or changed this in the meantime.':
    'Orang lain sudah menyelesaikan atau mengubahnya sementara ini.',
  'Nothing was stored. Reload the page to see how it stands.':
    'Tidak ada yang disimpan. Muat ulang halaman untuk melihat keadaannya.',
  'The server could not do it (error {0}). Nothing was stored.':
    'Server tidak dapat melakukannya (galat {0}). Tidak ada yang disimpan.',
  'One answer needs your attention': 'Ada satu isian yang perlu diperbaiki',
  '{0} answers need your attention': 'Ada {0} isian yang perlu diperbaiki',
  'This could not be sent': 'Belum terkirim',
  'A file has not been attached yet': 'Ada berkas yang belum selesai dilampirkan',
  'Wait until it is, or remove it.': 'Tunggu sampai selesai, atau hapus berkasnya.',
  'Waiting': 'Menunggu giliran',
  'Being made ready': 'Sedang disiapkan',
  'Sent: {0} % of {1} KB': 'Terkirim {0} % dari {1} KB',
  'Being looked at': 'Sedang diperiksa',
  'Send again': 'Kirim lagi',
  'Remove': 'Hapus',
  'Attached: {0}': 'Terlampir: {0}',
  'Removed: {0}': 'Dihapus: {0}',
  'Not sent: no connection. The file is still here.': 'Belum terkirim: tidak ada sambungan. Berkasnya masih ada di sini.',
  'Not sent: your session has ended. Sign in in another tab, then send again.':
    'Belum terkirim: sesi Anda sudah berakhir. Masuk lagi di tab lain, lalu kirim lagi.',
  // Drafts
  'You go on with your draft from {0}.': 'Anda melanjutkan draf dari {0}.',
  'You go on with a report that you have begun and not sent. Saved {0}.':
    'Anda melanjutkan laporan yang sudah dimulai dan belum dikirim. Tersimpan {0}.',
  'Begin another report': 'Mulai laporan lain',
  'Other reports not sent yet ({0})': 'Laporan lain yang belum dikirim ({0})',
  'This form is also being filled in elsewhere': 'Formulir ini juga diisi di halaman atau perangkat lain',
  'Both are kept. If they are about two children, say so: each is a report of its own then. If it is the same report, go on with one of them and throw the other away.':
    'Keduanya tersimpan. Kalau tentang dua anak, katakan di sini: masing-masing menjadi laporan sendiri. Kalau laporan yang sama, lanjutkan salah satu dan buang yang lain.',
  'They are two reports': 'Ini dua laporan',
  'This is a report of its own from now on.': 'Ini menjadi laporan sendiri mulai sekarang.',
  'You go on with what {0} typed here, from {1}. It is yours now.':
    'Anda melanjutkan isian {0} dari {1}. Isian itu kini milik Anda.',
  'Since then these answers have changed in the case; your draft keeps what you typed:':
    'Sejak itu isian berikut berubah di kasus; draf Anda tetap seperti yang Anda ketik:',
  '{0} is no date that can stand here. Write it as in {1}.':
    '{0} bukan tanggal yang bisa diisi di sini. Tulis seperti {1}.',
  'Draft saved {0}': 'Draf tersimpan {0}',
  'Not saved yet: {0}; it is tried again.': 'Belum tersimpan: {0}; dicoba lagi.',
  'no connection': 'tidak ada sambungan',
  'the server does not answer': 'server tidak menjawab',
  'Not saved: {0}': 'Tidak tersimpan: {0}',
  'Not saved yet: you are not signed in.': 'Belum tersimpan: Anda belum masuk.',
  'Your session has ended': 'Sesi Anda sudah berakhir',
  'What you typed is still on this page. Sign in again, then come back here: it is saved by itself.':
    'Isian Anda masih ada di halaman ini. Masuk lagi, lalu kembali ke sini: isian tersimpan dengan sendirinya.',
  'Sign in again (new tab)': 'Masuk lagi (tab baru)',
  'This draft was also changed on another device': 'Draf ini juga diubah di perangkat lain',
  'Both are kept until you choose. The other one can be seen until the task ends.':
    'Keduanya tersimpan sampai Anda memilih. Yang tidak dipakai tetap bisa dilihat sampai tugas selesai.',
  'See above': 'Lihat di atas',
  'What you type here is kept for you alone.': 'Isian Anda di sini tetap tersimpan, hanya untuk Anda.',
  'There are two versions of it:': 'Ada dua versi:',
  'choose above': 'pilih di atas',
  'Use this one': 'Pakai yang di sini',
  'See that one': 'Lihat yang di sana',
  'This version is used from now on.': 'Versi ini yang dipakai mulai sekarang.',
  'This version was set aside': 'Versi ini disisihkan',
  'Back to the version in use': 'Kembali ke versi yang dipakai',
  'Other versions of this draft ({0})': 'Versi lain draf ini ({0})',
  'Typed elsewhere, and not sent': 'Isian lain yang belum dikirim',
  'It stood on another page or device when you opened the case. It is not filled in here: it may be about that child or another one.':
    'Isian ini masih di halaman atau perangkat lain saat Anda membuka kasus. Isinya tidak dimasukkan ke sini: bisa tentang anak itu, bisa tentang anak lain.',
  'See it': 'Lihat',
  'This was not sent with the case {0}': 'Isian ini tidak ikut terkirim dengan kasus {0}',
  'If it is about another child, use it for another case. If it is not, throw it away.':
    'Kalau tentang anak lain, pakai untuk kasus lain. Kalau bukan, buang saja.',
  'Use it for another case': 'Pakai untuk kasus lain',
  'Throw it away': 'Buang',
  'To the form for a new case': 'Ke formulir kasus baru',
  'Not saved: the draft is closed.': 'Tidak tersimpan: draf sudah ditutup.',
  'This draft is closed': 'Draf ini sudah ditutup',
  'It was sent, given to a colleague or thrown away. What you typed is still here.':
    'Draf sudah dikirim, diserahkan kepada rekan, atau dibuang. Isian Anda masih ada di sini.',
  'Save it as a new draft': 'Simpan sebagai draf baru',
  'Nothing more is saved here.': 'Tidak ada lagi yang disimpan di sini.',
  'This cannot be filled in any more': 'Formulir ini tidak dapat diisi lagi',
  'What you typed last is still on this page; copy it if you need it.':
    'Yang Anda ketik terakhir masih ada di halaman ini; salin bila perlu.',
  'See how it stands, and your draft': 'Lihat keadaannya dan draf Anda',
  'Throw away everything you typed here?': 'Buang semua yang Anda ketik di sini?',
  'Yes, throw it away': 'Ya, buang',
  'No': 'Tidak',
  'Close': 'Tutup',
  'Keys of this page': 'Tombol pintas halaman ini',
  'Key': 'Tombol',
  'What it does': 'Gunanya',
  'The next one in the list': 'Ke baris berikutnya di daftar',
  'The one before in the list': 'Ke baris sebelumnya di daftar',
  'Open it': 'Buka',
  'Choose all from the last chosen one to this one': 'Pilih semua dari pilihan terakhir sampai baris ini',
  'Show these keys': 'Tampilkan daftar tombol ini',
  'Close what is open': 'Tutup yang sedang terbuka',
  'empty': 'kosong',
};
