"""What the site takes from outside of docs/: pages kept elsewhere, and every file that a page links to.

A link means the same in the repository and in the site: pages are taken in as they are, and links between them are
turned into links between pages of the site. A file or folder that is no page becomes one, below source/, with its text
in it: so the site needs no address of a repository, and what it shows is of the same commit.
"""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

PAGES = {
    "README.md": "index.md",
    "SECURITY.md": "security.md",
    "CONTRIBUTING.md": "contributing.md",
    "examples/README.md": "examples.md",
    "bench/README.md": "bench.md",
    "e2e/feast/README.md": "interop.md",
}
"""Of the repository to pages of the site; what is in docs/ keeps its name."""

SCRIPT = "assets/mermaid.min.js"
"""Put beside the site's other inputs by docs/build."""

LANGUAGES = {".yaml": "yaml", ".java": "java", ".py": "python", ".json": "json", ".sh": "bash"}

FENCE = re.compile(r"^ *(```|~~~)")
LINK = re.compile(r"(\]\()([^()\s]+)(\))")
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")
FROM_ELSEWHERE = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)=["']?(?:https?:)?//[^>]*>""")
NUMBERED = re.compile(r"^\d+\. ")

sources: dict[str, Path] = {}
"""Pages below source/ to the file or folder that they show."""


def on_files(files: Files, *, config: Any) -> Files:
    for kept, page in PAGES.items():
        files.append(File.generated(config, page, content=in_site(ROOT / kept, page)))
    for file in list(files.documentation_pages()):
        if file.src_uri not in PAGES.values():
            text = in_site(DOCS / file.src_uri, file.src_uri)
            files.remove(file)
            files.append(File.generated(config, file.src_uri, content=text))
    for page, source in sources.items():
        files.append(File.generated(config, page, content=shown(source), inclusion=files_not_in_nav()))
    files.append(File.generated(config, SCRIPT, abs_src_path=os.environ["MERMAID"]))
    return files


def files_not_in_nav() -> Any:
    from mkdocs.structure.files import InclusionLevel

    return InclusionLevel.NOT_IN_NAV


def in_site(source: Path, page: str) -> str:
    """The page's text, its links as the site needs them."""
    lines = []
    fenced = numbered = False
    for line in source.read_text(encoding="utf-8").splitlines():
        if not fenced:
            numbered = bool(NUMBERED.match(line)) or (numbered and (not line or line.startswith("   ")))
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            line = LINK.sub(lambda link: link[1] + target(link[2], source, page) + link[3], line)
        # What belongs to a numbered point is indented by 3 in the repository, and by 4 in Python's Markdown.
        lines.append(" " + line if numbered and line.startswith("   ") else line)
    return "\n".join(lines) + "\n"


def target(link: str, source: Path, page: str) -> str:
    if ELSEWHERE.match(link) or link.startswith("#"):
        return link
    path, anchor = urldefrag(link)
    found = (source.parent / path).resolve()
    if not found.is_relative_to(ROOT) or not found.exists():
        raise PluginError(f"{source.relative_to(ROOT)}: {link} is not there")
    kept = found.relative_to(ROOT).as_posix()
    if kept in PAGES:
        to = PAGES[kept]
    elif found.is_relative_to(DOCS) and found.is_file() and found.suffix != "" and not kept.startswith("docs/site/"):
        to = found.relative_to(DOCS).as_posix()
    else:
        to = f"source/{kept}.md"
        sources[to] = found
    return os.path.relpath(to, Path(page).parent.as_posix()) + (f"#{anchor}" if anchor else "")


def shown(source: Path) -> str:
    """A page with the text of a file, or of each file in a folder."""
    name = source.relative_to(ROOT).as_posix()
    parts = [f"# {name}"]
    for file in sorted(source.iterdir()) if source.is_dir() else [source]:
        if file.is_file():
            if source.is_dir():
                parts.append(f"## {file.name}")
            parts.append(f"````{LANGUAGES.get(file.suffix, 'text')}\n{file.read_text(encoding='utf-8')}\n````")
    return "\n\n".join(parts) + "\n"


def on_post_page(output: str, *, page: Any, config: Any) -> str:
    """Nothing that a page shows comes from another host."""
    found = FROM_ELSEWHERE.search(output)
    if found:
        raise PluginError(f"{page.file.src_uri} would load {found[0]} from elsewhere")
    return output
