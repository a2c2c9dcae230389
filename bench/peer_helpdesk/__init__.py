"""django-helpdesk as bench_filing serves it: its defaults, with compression, in a virtual environment of its own."""
