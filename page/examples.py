"""Questions for people who see the page for the first time; the sample archive answers all but the last."""

EXAMPLES = (
    "When did ChatGPT go online as a free preview?",
    "How much money did clients attempt to withdraw from Silicon Valley Bank in one day?",
    "Who scored the goal that won Spain the Women's World Cup?",
    "How many years in prison was Sam Bankman-Fried sentenced to?",
    "When did Queen Elizabeth II die?",
    "Who won the chess world championship in 1972?",
)
