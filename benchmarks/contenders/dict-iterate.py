import dict_load

if __name__ == "__main__":
    dict_load.measure(dict_load.iterate, rounds=max(100_000, dict_load.ENTRIES))
