"""What the tests of tables of records share."""

import json

from django.core.management import call_command


def importer(tmp_path, capsys):
    """Import a table, lines or bytes, and give the account, with `remarks` as (line, severity, reason)."""

    def run(collection, *lines, options=(), name="list.csv"):
        content = lines[0] if isinstance(lines[0], bytes) else "\n".join(lines).encode()
        path = tmp_path / name
        path.write_bytes(content)
        code = 0
        try:
            call_command("import_records", str(path), "--collection", collection, *options)
        except SystemExit as stop:
            code = stop.code
        output, errors = capsys.readouterr()
        account = json.loads(output.splitlines()[-1])
        assert account["read"] == sum(account[key] for key in ("created", "changed", "unchanged", "refused"))
        remarks = [line.removeprefix(f"{path}:").split(": ", 2) for line in errors.splitlines()]
        assert account["warnings"] == sum(severity == "warning" for _, severity, _ in remarks)
        assert account["refused"] == sum(severity == "refused" for _, severity, _ in remarks) or code
        return account | {"remarks": [(int(line), *rest) for line, *rest in remarks], "code": code}

    return run


def counts(account) -> tuple[int, ...]:
    return tuple(account[key] for key in ("created", "changed", "unchanged", "refused"))


def exported(client, collection: str, ending: str, **parameters) -> bytes:
    response = client.get(f"/api/v1/{collection}.{ending}", parameters)
    assert response.status_code == 200
    return b"".join(response.streaming_content)
