"""Problems of the bank in chapters: which ones, with which parameters, and their solutions."""
