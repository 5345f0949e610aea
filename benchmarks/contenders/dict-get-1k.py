import dict_load

if __name__ == "__main__":
    dict_load.measure(dict_load.get, dict_load.TEXT)
