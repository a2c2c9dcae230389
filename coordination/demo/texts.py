"""What the people of the demonstration write. These sentences are data, so they are Indonesian only."""

from dataclasses import dataclass

from coordination.networks.choices import Technology
from coordination.obstacles.choices import Form, ObstacleKind
from coordination.offices.choices import Kind
from coordination.requests.choices import Measure, Outcome


@dataclass(frozen=True)
class Sheet:
    """What is said about one kind of obstacle, from the report to the result."""

    technologies: tuple
    descriptions: tuple
    subject: str
    plan: str
    found: str
    results: tuple  # (outcome, measures, text)
    form: str = Form.CONDITION
    third_party: str = "Telkomsel, GraPARI wilayah"


PLACES = (
    "balai desa", "aula kecamatan", "GOR serbaguna", "SMP negeri setempat", "gedung pertemuan warga", "pasar desa",
    "kantor kelurahan", "lapangan desa", "puskesmas pembantu", "sekretariat PPK", "rumah ibadah", "gedung PKK",
)  # fmt: skip

SHEETS = {
    ObstacleKind.BLANK_SPOT: Sheet(
        (Technology.NONE,),
        (
            "Tidak ada sinyal dari operator mana pun di {place} dan sekitarnya. Warga harus naik ke jalan kabupaten, "
            "kira-kira dua kilometer, untuk dapat menelepon.",
            "Di seluruh {village} ponsel hanya menampilkan panggilan darurat. Sudah kami coba dengan tiga kartu "
            "operator pada pagi dan sore hari.",
        ),
        "Tanpa sinyal di {village} untuk pertemuan virtual",
        "Survei titik bersama tim lapangan, lalu sambungan satelit sementara selama kegiatan.",
        "Tim lapangan membenarkan: tidak ada sinyal pada enam titik ukur.",
        (
            (Outcome.INTERIM, (Measure.SURVEY, Measure.VSAT),
             "Terminal satelit dipasang di {place}; sambungan 15 Mbps sudah dicoba dengan rapat virtual 40 menit."),
            (Outcome.OTHER_PLACE, (Measure.SURVEY, Measure.MOVE),
             "Sinyal tidak dapat disediakan pada waktunya. Aula kecamatan mempunyai serat optik dan siap dipakai."),
            (Outcome.TOO_LATE, (Measure.SURVEY, Measure.LATER),
             "Pembangunan menara tidak mungkin sebelum kegiatan. Kegiatan direkam dan diunggah dari kantor kecamatan."),
        ),
        third_party="BAKTI, bagian layanan akses internet",
    ),
    ObstacleKind.WEAK_SIGNAL: Sheet(
        (Technology.G4, Technology.G3),
        (
            "Sinyal di {place} hanya satu batang dan hilang di dalam ruangan. Pertemuan virtual terputus tiap beberapa "
            "menit.",
            "Unggahan dari {village} sangat lambat. Foto kegiatan baru terkirim setelah berpindah ke jalan utama.",
            "Suara peserta rapat dari {village} terputus-putus; gambar harus dimatikan agar tetap tersambung.",
        ),
        "Sinyal lemah di {village} menjelang kampanye daring",
        "Pengukuran pada tiga titik dan permintaan penguatan kepada operator.",
        "Hasil ukur: unduh di bawah 2 Mbps pada dua dari tiga titik.",
        (
            (Outcome.PERMANENT, (Measure.SURVEY, Measure.OPERATOR),
             "Operator mengarahkan ulang antena menara terdekat. Unduh sekarang 14 Mbps di {place}."),
            (Outcome.INTERIM, (Measure.ACCESS_POINT, Measure.BANDWIDTH),
             "Dua titik akses Wi-Fi milik dinas dipasang di {place} sampai kegiatan selesai."),
            (Outcome.OTHER_PLACE, (Measure.SURVEY, Measure.MOVE),
             "Titik dengan sinyal baik terdekat adalah kantor kelurahan; kunci dan listriknya sudah disepakati."),
        ),
    ),
    ObstacleKind.CONGESTION: Sheet(
        (Technology.G4,),
        (
            "Pada malam hari jaringan di {village} penuh: sinyal kuat, tetapi halaman tidak terbuka.",
            "Saat pasar berlangsung, data di sekitar {place} hampir tidak bergerak. Siang hari biasanya normal.",
        ),
        "Jaringan penuh di {village} pada jam kegiatan",
        "Meminta operator menambah kapasitas pada jam kegiatan; menyiapkan jalur kabel sebagai cadangan.",
        "Pengukuran malam: latensi di atas 400 ms, paket hilang 8 persen.",
        (
            (Outcome.INTERIM, (Measure.MOBILE_TOWER, Measure.OPERATOR),
             "Operator menempatkan BTS bergerak di dekat {place} selama tiga hari kegiatan."),
            (Outcome.OTHER_METHOD, (Measure.OTHER,),
             "Disepakati memajukan kegiatan ke pukul 13.00, ketika jaringan longgar. Hasil uji coba baik."),
        ),
    ),
    ObstacleKind.ONLY_2G_3G: Sheet(
        (Technology.G2, Technology.G3),
        (
            "Menara di {village} masih 2G. Pesan teks sampai, pertemuan virtual tidak mungkin.",
            "Sejak penataan frekuensi, {place} hanya menerima EDGE. Video sama sekali tidak berjalan.",
        ),
        "Hanya jaringan 2G di {village}",
        "Meneruskan permintaan peningkatan ke operator dan menyiapkan sambungan sementara.",
        "Dibenarkan: hanya 2G pada semua operator di lokasi.",
        (
            (Outcome.PASSED_ON, (Measure.OPERATOR,),
             "Operator menjadwalkan peningkatan ke 4G pada triwulan depan; suratnya kami lampirkan pada arsip dinas."),
            (Outcome.INTERIM, (Measure.VSAT,),
             "Sambungan satelit milik desa dibuka untuk kegiatan di {place}, 10 Mbps."),
        ),
        third_party="Operator seluler, bagian perencanaan jaringan",
    ),
    ObstacleKind.BACKHAUL: Sheet(
        (Technology.SATELLITE, Technology.G4),
        (
            "Menara di {village} memakai satelit dengan pita sempit. Siang hari kecepatannya di bawah 1 Mbps.",
            "Sinyal 4G penuh di {place}, tetapi data tersendat karena jalur ke menara hanya VSAT lama.",
        ),
        "Jalur satelit sempit melayani {village}",
        "Mengajukan penambahan kapasitas kepada BAKTI dan membatasi pemakaian lain selama kegiatan.",
        "Dibenarkan dari pemantauan kapasitas: jalur terpakai 96 persen pada siang hari.",
        (
            (Outcome.INTERIM, (Measure.BANDWIDTH,),
             "Kapasitas dinaikkan dari 4 menjadi 12 Mbps sampai masa kampanye selesai."),
            (Outcome.PASSED_ON, (Measure.OPERATOR, Measure.LATER),
             "Permintaan ada pada BAKTI. Sementara itu kegiatan direkam dan diunggah pada malam hari."),
        ),
        third_party="BAKTI, bagian layanan akses internet",
    ),
    ObstacleKind.FIBRE_CUT: Sheet(
        (Technology.FIXED,),
        (
            "Kabel optik terputus oleh galian jalan di dekat {place}. Internet kantor dan warga mati.",
            "Internet di {village} mati sejak pagi; petugas menemukan kabel udara tertimpa pohon.",
        ),
        "Kabel optik putus di {village}",
        "Menghubungi pemilik kabel dan menyediakan jalur seluler sementara untuk sekretariat.",
        "Titik putus ditemukan; pemilik kabel sudah diberi tahu.",
        (
            (Outcome.PERMANENT, (Measure.REPAIR,),
             "Kabel disambung kembali dan diuji; kecepatan di {place} pulih ke 50 Mbps."),
            (Outcome.INTERIM, (Measure.ACCESS_POINT, Measure.OPERATOR),
             "Perutean sementara lewat seluler dipasang di {place}; penyambungan kabel menunggu izin galian."),
        ),
        form=Form.EVENT,
        third_party="Telkom, unit pemeliharaan akses",
    ),
    ObstacleKind.POWER: Sheet(
        (Technology.G4, Technology.NONE),
        (
            "Listrik padam bergilir di {village}; menara seluler ikut mati karena baterai cadangannya lemah.",
            "Pemadaman sore hari membuat {place} tanpa internet dua sampai tiga jam.",
        ),
        "Pemadaman listrik memutus jaringan di {village}",
        "Berkoordinasi dengan PLN tentang jadwal dan menyiapkan genset untuk menara dan lokasi kegiatan.",
        "Dicek pada jadwal pemadaman PLN dan pemantauan menara.",
        (
            (Outcome.INTERIM, (Measure.POWER,),
             "Genset disiagakan di menara dan di {place}; PLN memindahkan jadwal pemadaman."),
            (Outcome.PERMANENT, (Measure.POWER, Measure.OPERATOR),
             "Baterai menara diganti oleh operator. Dua pemadaman berikutnya tidak lagi memutus jaringan."),
        ),
        form=Form.EVENT,
        third_party="PLN, unit layanan pelanggan",
    ),
    ObstacleKind.TOWER_DOWN: Sheet(
        (Technology.NONE, Technology.G2),
        (
            "Menara di {village} mati sejak badai. Sinyal di {place} hilang sama sekali.",
            "Menara milik satu-satunya operator di {village} tidak memancar. Lampu di menara padam.",
        ),
        "Menara mati di {village}",
        "Melaporkan ke operator dengan tembusan Balmon; memeriksa listrik menara.",
        "Dibenarkan di lokasi: catu daya menara rusak.",
        (
            (Outcome.PERMANENT, (Measure.TOWER_ON, Measure.REPAIR),
             "Catu daya diganti dan menara memancar lagi. Sinyal 4G di {place} kembali."),
            (Outcome.INTERIM, (Measure.MOBILE_TOWER,),
             "BTS bergerak ditempatkan sampai menara diperbaiki."),
        ),
        form=Form.EVENT,
    ),
    ObstacleKind.TERRAIN: Sheet(
        (Technology.NONE, Technology.G4),
        (
            "{village} terletak di lembah; sinyal hanya ada di punggung bukit di atas {place}.",
            "Tebing menutup arah menara. Di {place} sinyal hilang-timbul menurut cuaca.",
        ),
        "Lokasi kegiatan di {village} tertutup perbukitan",
        "Survei penempatan penguat sinyal dan lokasi pengganti.",
        "Survei dilakukan; tidak ada garis pandang ke menara.",
        (
            (Outcome.OTHER_PLACE, (Measure.SURVEY, Measure.MOVE),
             "Kegiatan dipindahkan ke sekolah di punggung bukit; unduh 9 Mbps, listrik tersedia."),
            (Outcome.OTHER_METHOD, (Measure.RADIO, Measure.LATER),
             "Siaran lewat radio komunitas dengan bantuan RAPI; rekamannya diunggah keesokan hari."),
        ),
    ),
    ObstacleKind.DEVICE_BROKEN: Sheet(
        (Technology.FIXED,),
        (
            "Titik akses Wi-Fi di {place} mati. Lampunya tidak menyala walaupun listrik ada.",
            "Perangkat Wi-Fi publik di {village} menyala, tetapi tidak memberi alamat kepada ponsel.",
        ),
        "Wi-Fi publik di {village} tidak berfungsi",
        "Memeriksa dan mengganti perangkat.",
        "Diperiksa di lokasi: adaptor rusak karena petir.",
        (
            (Outcome.PERMANENT, (Measure.REPAIR, Measure.ACCESS_POINT),
             "Perangkat diganti baru dan diuji dengan tiga puluh ponsel di {place}."),
        ),
        third_party="Penyedia perangkat, layanan garansi",
    ),
}  # fmt: skip

# Recorded, though no ICT office can repair them.
NOT_NETWORK = {
    ObstacleKind.QUOTA: "Sebagian besar peserta di {village} kehabisan kuota sebelum pertemuan selesai.",
    ObstacleKind.GADGET: "Ponsel peserta di {village} terlalu tua untuk aplikasi pertemuan virtual.",
    ObstacleKind.SKILL: "Panitia di {village} belum terbiasa membuka ruang rapat virtual; perlu pendampingan.",
}

NEEDS = (
    "Kami merencanakan pertemuan terbatas secara daring dengan sekitar {people} peserta di {place}.",
    "Di {place} dijadwalkan dialog daring antarwarga yang disiarkan langsung, perkiraan {people} penonton.",
    "Beberapa kegiatan kampanye daring akan dipandu dari {place}, dan {people} orang diharapkan mengikuti.",
    "PPK melaporkan rapat daring dari {village} berulang kali gagal; kegiatan berikutnya diikuti {people} orang.",
)
ASKS = (
    "Mohon kondisi jaringan diperiksa dan disampaikan apa yang dapat dilakukan sebelum kegiatan.",
    "Mohon survei dan pengukuran, serta saran lokasi lain bila perbaikan tidak mungkin pada waktunya.",
    "Mohon bantuan sambungan sementara selama kegiatan, atau kepastian agar kami dapat mengubah metode.",
    "Mohon diteruskan kepada operator bila bukan kewenangan dinas, dan kami diberi tahu hasilnya.",
)
ANSWERS = (
    "Laporan lengkap. Tim kami memeriksa lokasi besok pagi dan memberi kabar lewat portal.",
    "Kami terima. Data menara di sekitar lokasi sudah kami minta kepada operator.",
    "Terima kasih. Lokasi ini ada dalam daftar pantauan kami; pengukuran dijadwalkan pekan ini.",
    "Sudah kami periksa dari peta cakupan: laporan masuk akal dan kami tindak lanjuti.",
)
MISSING = (
    "Mohon lengkapi titik lokasi yang tepat dan operator yang dipakai peserta.",
    "Mohon tambahkan waktu kegiatan dan narahubung di lokasi.",
    "Belum jelas apakah gangguan terjadi terus-menerus atau hanya pada jam tertentu. Mohon dilengkapi.",
)
FORWARDED = (
    "Menara ini di luar kewenangan kabupaten/kota. Mohon bantuan dinas provinsi menghubungi operator.",
    "Perlu koordinasi lintas kabupaten karena jalur optiknya melewati dua wilayah.",
)
FORWARDED_TO_NATION = "Operator meminta permintaan resmi dari kementerian; kami teruskan dengan hasil survei."
DECLINED = {
    "not_ours": "Jaringan ini milik pengelola kawasan. Silakan menghubungi pengelola; kontaknya ada pada dinas.",
    "out_of_scope": "Yang diminta adalah pengadaan gawai. Silakan ajukan lewat anggaran sosialisasi.",
    "duplicate": "Lokasi yang sama sudah kami tangani pada permohonan sebelumnya. Silakan ikuti permohonan itu.",
}
WITHDRAWN = (
    "Kegiatan dibatalkan oleh panitia.",
    "Kegiatan dipindahkan ke lokasi yang jaringannya baik.",
)
REOPENED = (
    "Dua hari setelah ditutup sinyal kembali hilang pada malam hari.",
    "Saat gladi bersih sambungan terputus lagi setelah dua puluh peserta masuk.",
)
CONFIRMED = "Sudah kami coba di lokasi dan hasilnya sesuai. Terima kasih."
INSTRUCTIONS = ("Mohon ditangani hari ini.", "Bawa alat ukur dan catat tiga titik.", "Koordinasikan dengan camat.")
FROM_FILER = (
    "Narahubung di lokasi sudah kami beri tahu bahwa tim akan datang.",
    "Apakah ada perkiraan kapan pengukuran selesai? Panitia perlu memastikan tempat.",
    "Jadwal kegiatan tidak berubah. Listrik di lokasi tersedia sampai pukul 22.00.",
)
FROM_HANDLER = (
    "Pengukuran pertama selesai; hasil lengkap menyusul sore ini.",
    "Operator sudah menjawab dan menjadwalkan kunjungan.",
    "Akses jalan ke lokasi terputus hujan, tim berangkat lagi besok pagi.",
)
INTERNAL = (
    "Catatan kami: alat ukur dipakai bergantian dengan bidang persandian.",
    "Catatan kami: anggaran sewa satelit tinggal untuk dua lokasi.",
)
JOINED = "Kantor kami mengalami hal yang sama di lokasi ini untuk kegiatan pekan depan."
SAME = "Lokasi, waktu, dan penyebabnya sama dengan laporan sebelumnya."
NETWORK_BACK = "Sudah normal kembali menurut pengukuran dan laporan warga."
# kind of office: (step, title, text) of what it keeps for its answers
ANSWER_TEMPLATES = {
    Kind.KOMINFO: (
        ("accept", "Diterima, survei dijadwalkan",
         "Permohonan {nomor} dari {pemohon} tentang {pokok} telah kami verifikasi. Tim {kantor} menjadwalkan survei "
         "lapangan di {wilayah} dan mengabarkan hasilnya sebelum {tenggat}."),
        ("return", "Titik lokasi belum lengkap",
         "Mohon lengkapi permohonan {nomor}: titik koordinat, waktu gangguan, dan operator yang dipakai."),
        ("start", "Survei dan pengukuran",
         "Tim {kantor} mengukur jaringan di {wilayah} pada tiga titik, lalu berkoordinasi dengan operator."),
        ("resolve", "Titik akses ditambah",
         "Untuk permohonan {nomor}, titik akses telah ditambah di {wilayah} dan diuji bersama narahubung di lokasi."),
        ("decline", "Bukan kewenangan kami",
         "Perihal {pokok} berada di luar kewenangan {kantor}. Silakan sampaikan kepada penyedia layanan."),
    ),
    Kind.KPU: (
        ("confirm", "Sudah dicoba",
         "Hasil tindak lanjut permohonan {nomor} sudah kami coba di {wilayah} dan sesuai. Terima kasih."),
        ("reopen", "Masih terganggu",
         "Jaringan di {wilayah} masih terganggu setelah permohonan {nomor} selesai. Mohon diperiksa kembali."),
    ),
}  # fmt: skip
