"""Questions for people who see the page for the first time; the sample archive answers all but the last."""

EXAMPLES = (
    "How much money did clients attempt to withdraw from Silicon Valley Bank in one day?",
    "Who took over as FTX's chief executive when it went bankrupt?",
    "When did ChatGPT go online as a free preview?",
    "What price did UBS pay for Credit Suisse?",
    "Where did Boris Johnson's ministers meet on the day of Brexit?",
    "Who won the chess world championship in 1972?",
)
