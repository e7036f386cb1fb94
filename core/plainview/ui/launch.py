"""Start Streamlit's command line with our logs from its first line on: `python -m plainview.ui.launch run FILE`."""

import os

from plainview.serving import logs

if __name__ == "__main__":
    logs.configure(as_json=os.environ.get("PLAINVIEW_LOG") == "json")
    from streamlit.web.cli import main

    main(prog_name="streamlit")
