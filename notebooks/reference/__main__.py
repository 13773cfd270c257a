"""`python -m notebooks.reference`: writes the reference pages into this folder. What they say is made in `pages.py`."""

from pathlib import Path

from notebooks.reference.pages import pages
from notebooks.reference.proofs import renew

HERE = Path(__file__).parent


def main(folder: Path = HERE) -> None:
    """Write every page, and delete those of what is no more."""
    made = pages()
    for path in set(written(folder)) - set(made):
        folder.joinpath(path).unlink()
    for path, text in made.items():
        folder.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(path).write_text(text, encoding="utf-8")


def written(folder: Path = HERE) -> dict[str, str]:
    """The pages that lie in the folder, by their path in it."""
    return {page.relative_to(folder).as_posix(): page.read_text(encoding="utf-8") for page in folder.rglob("*.md")}


if __name__ == "__main__":
    renew()
    main()
