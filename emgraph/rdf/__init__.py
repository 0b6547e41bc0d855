"""Files and stores: statements read, kept, named, placed and written."""
