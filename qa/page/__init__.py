"""The views of the page: widgets only; what they show comes from qa.page.html, what they know from qa."""
