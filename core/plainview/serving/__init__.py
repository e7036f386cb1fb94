"""What stands between the network and the app: headers, doors, deep links, health and logs. Plain ASGI; no Streamlit."""
