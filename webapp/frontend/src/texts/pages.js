// What our own scripts say, English -> Indonesian.
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
  'Diagram': 'Diagram',
  'Diagram of {0}': 'Diagram {0}',
  'The diagram cannot be shown': 'Diagram tidak dapat ditampilkan',
  'One token waits here': 'Kasus sedang di langkah ini',
  '{0} tokens wait here': 'Kasus menunggu {0} kali di langkah ini',
  'It is stuck here': 'Kasus tersendat di langkah ini',
  'Zoom': 'Perbesaran',
  'Zoom in': 'Perbesar',
  'Zoom out': 'Perkecil',
  'Fit the whole diagram': 'Tampilkan seluruh diagram',
};
