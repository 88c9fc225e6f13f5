"""A long file of IATI activities: how long its import takes, and what memory it needs.

`python -m benchmarks.imports [MEGABYTES]` starts a throwaway database, writes a file of ordinary activities, and reads
it three times: as a dry run, in earnest, and again.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from brst_site.embedded.server import throwaway

SIZES = (3, 300)
SENTENCE = "The project strengthens laboratories, trains their staff and opens their data to schools and farmers. "
TRANSACTION = (
    '<transaction><transaction-type code="{kind}"/><transaction-date iso-date="20{year}-03-01"/>'
    '<value value-date="20{year}-03-01">{amount}.50</value>'
    "<description><narrative>Instalment {amount}</narrative></description>"
    '<provider-org ref="XM-DAC-{org}"><narrative>Agency {org}</narrative></provider-org></transaction>\n'
)
BUDGET = (
    '<budget><period-start iso-date="20{year}-01-01"/><period-end iso-date="20{year}-12-31"/>'
    '<value value-date="20{year}-01-01">{amount}</value></budget>\n'
)


def main(sizes: tuple[int, ...]) -> None:
    print(f"{'MB':>5} {'run':10}{'s':>8}{'memory MB':>11}  account")
    for size in sizes:
        with throwaway(say=lambda line: None) as server, tempfile.TemporaryDirectory() as folder:
            os.environ |= {"DATABASE_URL": server.url, "PORTAL_DATA_DIR": str(server.place.data_dir)}
            for command in (["migrate"], ["seed"]):
                run = [sys.executable, "manage.py", *command, "--verbosity=0"]
                subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
            file = Path(folder, "activities.xml")
            with file.open("w") as stream:
                stream.writelines(document(size * 1_000_000))
            for name, options in (("dry run", ["--dry-run"]), ("import", []), ("again", [])):
                print(f"{size:>5} {name:10}{measured(file, options)}", flush=True)


def document(size: int) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n'
    number = 0
    while size > 0:
        text = activity(number)
        size -= len(text)
        number += 1
        yield text
    yield "</iati-activities>\n"


def activity(number: int) -> str:
    org = number % 500
    years = range(15, 15 + 3 + number % 5)
    return (
        f'<iati-activity default-currency="USD" xml:lang="en">\n<iati-identifier>XM-{number}</iati-identifier>\n'
        f'<reporting-org ref="XM-DAC-{org}" type="10"><narrative>Agency {org}</narrative></reporting-org>\n'
        f"<title><narrative>Open laboratories {number}</narrative></title>\n"
        f"<description><narrative>{SENTENCE * (5 + number % 20)}</narrative></description>\n"
        f'<participating-org ref="XM-DAC-{org}" role="1" type="10"><narrative>Agency {org}</narrative>'
        '</participating-org>\n<activity-status code="2"/>\n<activity-date type="2" iso-date="2015-03-01"/>\n'
        '<recipient-country code="KE" percentage="60"/>\n<recipient-country code="ET" percentage="40"/>\n'
        '<sector code="43082" percentage="100"/>\n'
        + "".join(BUDGET.format(year=year, amount=number + 1000) for year in years)
        + "".join(
            TRANSACTION.format(kind=kind, year=year, amount=number + kind, org=org)
            for year in years
            for kind in (2, 3)
        )
        + "</iati-activity>\n"
    )


def measured(file: Path, options: list[str]) -> str:
    started = time.monotonic()
    command = [sys.executable, "manage.py", "import_iati", str(file), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output = process.stdout.read()
    # What this process alone needed at most.
    _pid, _status, usage = os.wait4(process.pid, 0)
    account = json.loads(output.splitlines()[-1])
    counts = {name: account[name] for name in ("created", "changed", "unchanged", "refused", "warnings")}
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f"{time.monotonic() - started:>8.1f}{usage.ru_maxrss / 1024:>11.0f}  {told}"


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
