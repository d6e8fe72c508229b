"""How much one input may ask for, each bound with its reason."""

MOST_RECORD_BYTES = 64 * 2**20  # one record; the longest real articles are under 1 MB
MOST_TEXT_CHARACTERS = 8 * 2**20  # one text, of which the cleaners hold several copies; a thick book has 2 MB
MOST_FEED_BYTES = 32 * 2**20  # a feed or page from the network
MOST_FEED_SECONDS = 30.0  # a feed or page from the network, redirects and all
MOST_WAIT_SECONDS = 86_400.0  # a server that wants to be left alone for longer is asked daily
MOST_REDIRECTS = 5  # browsers allow 20; feeds need one or two
FREE_UNPACKED_BYTES = 64 * 2**20  # a gzip or a Parquet file may always unpack to this much
MOST_UNPACKED_RATIO = 200  # beyond that; news text packs 3 to 10 times, zeros 1000 times
MOST_BATCH_BYTES = 256 * 2**20  # of a Parquet file in memory at once, beside the column it is read from
HEAD_BYTES = 64 * 2**10  # what is looked at to recognise the format
FEWEST_WORDS = 5  # an article with fewer answers nothing
FEWEST_HEADLINE_WORDS = 3  # "Mayor resigns" says nothing by itself; "Mayor Renn resigns" does

# Fields beside the text. Beyond these a value is no title, no name: it is cut, and no pattern meets the rest.
MOST_TITLE_CHARACTERS = 1000
MOST_LINE_CHARACTERS = 400  # a source, an author, a tag
MOST_URL_CHARACTERS = 4000
MOST_DATE_CHARACTERS = 200
MOST_AUTHORS_CHARACTERS = 4000
MOST_TAGS_CHARACTERS = 20_000
MOST_TAGS = 200

# What is looked at before a file's columns are settled.
SAMPLE_RECORDS = 200  # to find which column holds what
MOST_DATES_LOOKED_AT = 10_000  # of a stream, to part day from month; of a file all are
SAMPLE_BYTES = 32 * 2**20  # held at once, of either

# Containers: zip, tar, WARC, mail.
MOST_ENTRIES = 200_000
MOST_NESTING = 2  # a gzip in a tar in a zip; deeper nesting is how bombs are made
MOST_ARCHIVE_BYTES = 64 * 2**30  # unpacked, in all
MOST_PARTS = 200  # of a mail

# The process that reads untrusted binary forms.
MOST_APART_SECONDS = 60.0  # for a record, and before the first one; the largest PDFs take a few
MOST_APART_BYTES = 4 * 2**30  # of addresses, of which the libraries reserve more than they use
