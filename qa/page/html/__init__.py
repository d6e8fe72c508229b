"""Reply, Article, Overview -> escaped HTML and charts; pure functions, no Streamlit."""
