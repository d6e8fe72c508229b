"""The views of the page: widgets only; what they show comes from qa.view, what they know from qa."""
