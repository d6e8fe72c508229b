"""How much one input may ask for, each bound with its reason."""

MOST_RECORD_BYTES = 64 * 2**20  # one record; the longest real articles are under 1 MB
MOST_FEED_BYTES = 32 * 2**20  # a feed or page from the network
MOST_FEED_SECONDS = 30.0  # a feed or page from the network, redirects and all
MOST_WAIT_SECONDS = 86_400.0  # a server that wants to be left alone for longer is asked daily
MOST_REDIRECTS = 5  # browsers allow 20; feeds need one or two
FREE_UNPACKED_BYTES = 64 * 2**20  # a gzip or a Parquet file may always unpack to this much
MOST_UNPACKED_RATIO = 200  # beyond that; news text packs 3 to 10 times, zeros 1000 times
MOST_BATCH_BYTES = 256 * 2**20  # of a Parquet file in memory at once, beside the column it is read from
HEAD_BYTES = 64 * 2**10  # what is looked at to tell the format
FEWEST_WORDS = 5  # an article with fewer answers nothing
