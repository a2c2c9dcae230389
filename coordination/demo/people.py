"""Believable names and positions. Any likeness to a living person is chance."""

from coordination.offices.choices import Kind, Role

FIRST = (
    "Aditya", "Agus", "Ahmad", "Andi", "Anisa", "Arif", "Ayu", "Bagus", "Bayu", "Budi", "Citra", "Dedi", "Desi", "Dewi",
    "Dian", "Dwi", "Eka", "Eko", "Elisabeth", "Endang", "Fajar", "Farida", "Fitri", "Galih", "Gede", "Hana", "Hendra",
    "Herlina", "Ibrahim", "Indah", "Indra", "Intan", "Irfan", "Joko", "Kadek", "Kartika", "Lestari", "Lukman", "Made",
    "Maria", "Maya", "Muhammad", "Nanda", "Nova", "Novita", "Nur", "Nyoman", "Oktavia", "Putri", "Rahmat", "Ratna",
    "Reza", "Rina", "Rizky", "Rudi", "Salma", "Samuel", "Sari", "Siti", "Slamet", "Sri", "Taufik", "Tri", "Ujang",
    "Wahyu", "Wati", "Wayan", "Yohanes", "Yuliana", "Yusuf", "Zainal",
)  # fmt: skip
LAST = (
    "Adinata", "Alamsyah", "Anggraini", "Ardiansyah", "Arifin", "Asmara", "Astuti", "Aulia", "Darmawan", "Fauzi",
    "Firmansyah", "Gunawan", "Hakim", "Handayani", "Harahap", "Hartati", "Hasibuan", "Hermawan", "Hidayat", "Irawan",
    "Iskandar", "Kurniawan", "Kusuma", "Laksana", "Lubis", "Mahendra", "Manurung", "Maulana", "Mulyani", "Nasution",
    "Ningsih", "Nugraha", "Nurhayati", "Pangestu", "Permana", "Pranata", "Prasetyo", "Pratama", "Purnama", "Rahayu",
    "Rahman", "Ramadhan", "Rumbiak", "Salim", "Santoso", "Saputra", "Setiawan", "Siregar", "Sitompul", "Suharti",
    "Sulaiman", "Suryana", "Susanti", "Sutrisno", "Tambunan", "Utami", "Wardhana", "Wibowo", "Widodo", "Wijaya",
    "Winata", "Wulandari", "Yulianto", "Zahra",
)  # fmt: skip
DEGREES = ("S.Kom.", "S.Sos.", "S.H.", "S.T.", "S.E.", "S.I.P., M.Si.", "S.Kom., M.T.", "S.STP., M.Si.")

POSITIONS = {
    (Kind.KPU, Role.OFFICER): (
        "Kasubbag Perencanaan, Data dan Informasi", "Kasubbag Partisipasi dan Hubungan Masyarakat",
        "Kasubbag Teknis Penyelenggaraan Pemilihan", "Staf Subbag Perencanaan, Data dan Informasi", "Operator Data",
    ),
    (Kind.KPU, Role.LEAD): (
        "Sekretaris", "Anggota, Divisi Sosdiklih Parmas dan SDM", "Anggota, Divisi Rendatin", "Ketua",
    ),
    (Kind.KOMINFO, Role.OFFICER): (
        "Kabid Infrastruktur TIK", "Kepala Seksi Jaringan dan Telekomunikasi", "Pranata Komputer Ahli Muda",
        "Staf Teknis Bidang Infrastruktur TIK", "Koordinator Tim Lapangan",
    ),
    (Kind.KOMINFO, Role.LEAD): ("Kepala Dinas", "Sekretaris Dinas", "Plt. Kepala Dinas", "Kabid e-Government"),
    (Kind.BAWASLU, Role.VIEWER): ("Staf Pengawasan", "Kasubbag Pengawasan dan Humas", "Anggota, Divisi Pengawasan"),
}  # fmt: skip


def name(rng, role):
    """A full name; leads have a degree more often than not."""
    plain = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    likely = 0.6 if role == Role.LEAD else 0.25
    return f"{plain}, {rng.choice(DEGREES)}" if rng.random() < likely else plain


def position(rng, kind, role):
    return rng.choice(POSITIONS[kind, role])
