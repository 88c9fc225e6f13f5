"""The PostgreSQL that comes with the portal: used when DATABASE_URL names no other.

place.py says where it keeps its things and as whom it runs, files.py makes them, server.py starts and stops the
server, guard.py is the small process that holds it. `python -m brst_site.embedded pg_dump …` runs one of PostgreSQL's
own programs on it. Why not the package's launcher: docs/decisions/embedded-postgresql.md.
"""
