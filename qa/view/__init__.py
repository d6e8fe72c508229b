"""Reply, Article, Overview -> escaped HTML, plain words and exports; pure functions, no Streamlit."""
