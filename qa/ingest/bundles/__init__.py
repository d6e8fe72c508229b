"""Files of many articles -> a raw record for each: one module for every form."""
