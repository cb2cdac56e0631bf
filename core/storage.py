"""Static files: css and js joined into one file each, in layer order, then hashed and compressed.

`css/app.css` and `js/app.js` are lists of imports; what lies in `apart/` is served by itself. Without
`collectstatic` (development, tests) the browser follows the imports and addresses carry no hash; `collectstatic`
replaces each import by the file's text.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

CSS_IMPORT = re.compile(r'^@import url\("(?P<path>[^"]+)"\)(?: layer\((?P<layer>[a-z]+)\))?;$', re.MULTILINE)
JS_IMPORT = re.compile(r'^import "\./(?P<path>[^"]+)";$', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SHEET, SCRIPT = "css/app.css", "js/app.js"
APART = ("css/apart/", "js/apart/")  # what only a few pages have: these load it for themselves


class JoinError(ValueError):
    """A part cannot be joined as it stands."""


def join_css(name: str, read: Callable[[str], str]) -> str:
    """The sheet with every import replaced by its text inside its layer, comments and indents taken out."""

    def replace(match: re.Match[str]) -> str:
        path = match["path"]
        text = read(str(PurePosixPath(name).parent / path))
        if "/" in path and "url(" in text:
            raise JoinError(f"{path} uses url(); joined into {name} it would point elsewhere.")
        return f"@layer {match['layer']}{{\n{text}}}" if match["layer"] else text

    joined = CSS_IMPORT.sub(replace, read(name))
    return "\n".join(line.strip() for line in COMMENT.sub("", joined).splitlines() if line.strip())


def join_js(name: str, read: Callable[[str], str]) -> str:
    """The script with every import replaced by the behaviour in a scope of its own."""

    def replace(match: re.Match[str]) -> str:
        text = read(str(PurePosixPath(name).parent / match["path"]))
        if re.search(r"^(import|export)\b", text, re.MULTILINE):
            raise JoinError(f"{match['path']} imports or exports; a behaviour stands alone.")
        lines = [line.strip() for line in text.splitlines() if not line.lstrip().startswith("//")]
        return "(() => {\n" + "\n".join(lines) + "\n})();"

    return JS_IMPORT.sub(replace, read(name))


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped base
    """Joins on `collectstatic`; before the first one it serves the sources as they are."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Replaces the two lists by their joined text, leaves their parts out, then hashes and compresses."""

        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                text: bytes = file.read()
            return text.decode()

        kept = {
            path: source
            for path, source in paths.items()
            if path.startswith(("vendor/", *APART)) or not path.endswith((".css", ".js"))
        }
        for name, join in ((SHEET, join_css), (SCRIPT, join_js)):
            if name in paths and not dry_run:
                joined = join(name, read)
                self.delete(name)
                self._save(name, ContentFile(joined.encode()))
                kept[name] = (self, name)
        yield from super().post_process(kept, dry_run=dry_run, **options)

    def url(self, name: str, force: bool = False) -> str:
        """The hashed address, or the plain one while nothing has been collected."""
        if not self.hashed_files:
            return str(StaticFilesStorage.url(self, name))
        return str(super().url(name, force))
