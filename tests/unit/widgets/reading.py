"""A page as its reader meets it: its elements, its text, what it would fetch. It paints nothing."""

from html.parser import HTMLParser

FETCHING = {"src", "href", "srcset", "data", "action", "formaction", "poster", "xlink:href", "background"}


class Page(HTMLParser):
    """What a browser's parser makes of a page."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags = list[str]()
        self.attributes = list[tuple[str, str, str]]()
        self.words = list[str]()
        self._hidden = 0
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend((tag, name, value or "") for name, value in attrs)
        self._hidden += tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    @property
    def text(self) -> str:
        """The words, with a bar wherever an element parts them."""
        return "|".join(word for word in self.words if word.strip())

    def fetched(self) -> list[str]:
        """Every address that a browser would ask for."""
        found = [value for _, name, value in self.attributes if name in FETCHING]
        return [value for value in found if not value.startswith(("data:", "#"))]

    def handlers(self) -> list[str]:
        """Attributes that run script."""
        return [name for _, name, _ in self.attributes if name.startswith("on")]
