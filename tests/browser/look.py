"""Look at the app: screenshots of addresses in light, dark and on a phone. python tests/browser/look.py FOLDER ADDRESS…"""

import sys
from pathlib import Path

from conftest import ARGUMENTS, CHROMIUM, settled

LOOKS = {"light": (1280, "light"), "dark": (1280, "dark"), "phone": (390, "light")}
TALLEST = 4000  # pixels


def look(folder: Path, addresses: list[str]) -> None:
    """Write FOLDER/<n>-<look>.png for each address, as tall as the page is."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for name, (width, scheme) in LOOKS.items():
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            for number, address in enumerate(addresses):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(address)
                settled(page)
                page.wait_for_timeout(1500)
                tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
                page.set_viewport_size({"width": width, "height": min(max(tall, 600), TALLEST)})
                page.wait_for_timeout(700)
                page.screenshot(path=folder / f"{number}-{name}.png")
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    look(Path(sys.argv[1]), sys.argv[2:])
