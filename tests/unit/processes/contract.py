"""What other systems call: keys, task ids, groups, decision variables and their values.

Renaming any of these breaks the machine API of an agency, so they are written down here a second time.
"""

from typing import Final

STARTERS: Final = {
    "natuna_pendampingan_abh_ampk": "petugas",
    "lumajang_rekomendasi_abh": "petugas",
    "lumajang_pengaduan": "petugas_pengaduan",
    "pasuruan_penanganan_abh": "petugas",
    "bintan_rehabilitasi_anak": "petugas",
    "kemenpppa_penjangkauan_ampk": "petugas_layanan",
}

TASKS: Final = {
    "natuna_pendampingan_abh_ampk": {
        "langkah_2_terima_tugaskan": "petugas",
        "langkah_3_asesmen": "peksos",
        "langkah_4_konsep_surat": "peksos",
        "langkah_4_telaah_paraf": "kepala_bidang",
        "langkah_5_tanda_tangan": "kepala_dinas",
        "langkah_6_teruskan": "kepala_bidang",
        "langkah_7_pendampingan": "peksos",
    },
    "lumajang_rekomendasi_abh": {
        "langkah_2_terima_tugaskan": "petugas",
        "langkah_3_asesmen": "sakti_peksos",
        "langkah_4_konsep_surat": "sakti_peksos",
        "langkah_4_telaah_paraf": "kepala_bidang",
        "langkah_5_tanda_tangan": "kepala_dinas",
        "langkah_5_pendampingan": "sakti_peksos",
    },
    "lumajang_pengaduan": {
        "tanggapi_pengaduan": "petugas_pengaduan",
        "ketahui_keterlambatan": "kepala_dinas",
        "evaluasi_pengaduan": "sekretaris",
        "tindak_lanjut_pengaduan": "kepala_bidang",
        "dokumentasi_pengaduan": "petugas_pengaduan",
    },
    "pasuruan_penanganan_abh": {
        "langkah_1_terima_laporan": "petugas",
        "langkah_3_asesmen": "peksos",
        "langkah_4_verifikasi": "peksos",
        "langkah_5_pendampingan": "peksos",
        "langkah_6_case_conference": "peksos",
        "langkah_6_tetapkan_jalur": "peksos",
        "rujukan_luar_cakupan": "peksos",
        "langkah_7_upaya_rj": "peksos",
        "langkah_8_lapor_uppa": "peksos",
        "langkah_9_keputusan_rj": "peksos",
        "langkah_10_diversi": "peksos",
        "pendampingan_peradilan": "peksos",
        "langkah_11_pemantauan": "peksos",
        "rujukan_jejaring": "peksos",
        "langkah_12_terminasi": "peksos",
        "langkah_13_laporan": "peksos",
        "langkah_13_dokumentasi": "staf_data",
    },
    "bintan_rehabilitasi_anak": {
        "langkah_2_telusuri": "petugas",
        "langkah_3_surat_tugas": "petugas",
        "langkah_3_tanda_tangan": "kepala_dinas",
        "langkah_4_asesmen": "peksos",
        "langkah_5_laporan_sosial": "peksos",
        "langkah_6_koordinasi_lksa": "petugas",
        "langkah_7_evakuasi": "petugas",
        "langkah_8_kebutuhan": "peksos",
        "langkah_9_penelusuran": "petugas",
        "kelayakan_keluarga": "peksos",
        "langkah_10_reunifikasi": "peksos",
        "langkah_11_asuhan_lksa": "peksos",
    },
    "kemenpppa_penjangkauan_ampk": {
        "klasifikasi_risiko": "petugas_layanan",
        "arahan_asdep": "asisten_deputi",
        "perbaiki_usulan": "petugas_layanan",
        "surat_penugasan": "petugas_layanan",
        "langkah_2_identifikasi": "petugas_layanan",
        "kontak_penjangkauan": "petugas_layanan",
        "langkah_3_asesmen": "petugas_layanan",
        "langkah_3_rencana_intervensi": "petugas_layanan",
    },
}

YES_NO: Final = (True, False)
SIGN: Final = ("setuju", "kembalikan")
DECISIONS: Final = {
    "natuna_pendampingan_abh_ampk": {
        "memenuhi_persyaratan": YES_NO,
        "paraf": SIGN,
        "tanda_tangan": SIGN,
        "pendampingan_selesai": YES_NO,
    },
    "lumajang_rekomendasi_abh": {
        "memenuhi_persyaratan": YES_NO,
        "paraf": SIGN,
        "tanda_tangan": SIGN,
        "pendampingan_selesai": YES_NO,
    },
    "lumajang_pengaduan": {
        "kanal": (
            "kantor",
            "kotak_saran",
            "pos",
            "facebook",
            "instagram",
            "twitter",
            "youtube",
            "blog",
            "call_center",
        ),
        "perlu_tindak_lanjut": YES_NO,
    },
    "pasuruan_penanganan_abh": {
        "jenis_masuk": ("laporan", "undangan_rj", "undangan_diversi"),
        "tingkat_tindak_pidana": ("ringan", "berat"),
        "jalur": ("rj", "diversi", "di_luar_cakupan"),
        "rj_sepakat": YES_NO,
        "diversi_berhasil": YES_NO,
        "tujuan_tercapai": YES_NO,
    },
    "bintan_rehabilitasi_anak": {
        "laporan_benar": YES_NO,
        "tanda_tangan": SIGN,
        "perlu_evakuasi": YES_NO,
        "lksa_bersedia": YES_NO,
        "keluarga_ditemukan": YES_NO,
        "keluarga_layak": YES_NO,
    },
    "kemenpppa_penjangkauan_ampk": {
        "sudah_lapor_sapa": YES_NO,
        "tingkat_risiko": ("tinggi", "sedang", "rendah"),
        "arahan": SIGN,
    },
}
"""Process key -> decision variable -> the values that the form offers; each is required somewhere."""

GROUPS: Final = {
    "LAPOR": (
        "kanal jenis_pelapor uraian",
        """nama_pelapor kontak_pelapor hubungan_pelapor rahasiakan_pelapor
        tempat_kejadian tanggal_kejadian lampiran""",
    ),
    "ANAK": (
        "nama_anak jenis_kelamin umur_saat_kejadian",
        """nik_anak tempat_lahir tanggal_lahir umur_perkiraan umur_diperkirakan alamat kode_wilayah
        nama_ayah nama_ibu nama_wali kontak_wali sekolah disabilitas""",
    ),
    "HUKUM": (
        "status_abh",
        """tahap nomor_lp instansi pasal ancaman_maks_tahun pengulangan
        kekerasan_seksual ada_korban kerugian_rp""",
    ),
    "ASES": (
        "tanggal_asesmen kebutuhan rekomendasi",
        """tempat_asesmen diwawancara kondisi_fisik kondisi_psikis kondisi_sosial kondisi_spiritual
        kondisi_keluarga lingkungan pendapat_anak risiko""",
    ),
    "SURAT": (
        "",
        """jenis_surat nomor_surat tanggal_surat perihal petugas_ditugaskan
        penandatangan_nama penandatangan_nip penandatangan_jabatan""",
    ),
}
"""Group of fields -> (required keys, other keys)."""

FORMS: Final = {
    ("natuna_pendampingan_abh_ampk", "langkah_3_asesmen"): "ANAK HUKUM ASES",
    ("natuna_pendampingan_abh_ampk", "langkah_4_konsep_surat"): "SURAT",
    ("lumajang_rekomendasi_abh", "langkah_3_asesmen"): "ANAK HUKUM ASES",
    ("lumajang_rekomendasi_abh", "langkah_4_konsep_surat"): "SURAT",
    ("pasuruan_penanganan_abh", "langkah_3_asesmen"): "ANAK HUKUM ASES",
    ("pasuruan_penanganan_abh", "langkah_4_verifikasi"): "ANAK ASES",
    ("pasuruan_penanganan_abh", "langkah_5_pendampingan"): "ANAK HUKUM",
    ("bintan_rehabilitasi_anak", "langkah_3_surat_tugas"): "SURAT",
    ("bintan_rehabilitasi_anak", "langkah_4_asesmen"): "ANAK ASES",
    ("kemenpppa_penjangkauan_ampk", "surat_penugasan"): "SURAT",
    ("kemenpppa_penjangkauan_ampk", "langkah_2_identifikasi"): "ANAK",
    ("kemenpppa_penjangkauan_ampk", "langkah_3_asesmen"): "ASES",
}
"""(Process key, task id) -> groups of fields that its form asks for; the first form of a case asks LAPOR."""
