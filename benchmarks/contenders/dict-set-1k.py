import dict_load

if __name__ == "__main__":
    dict_load.measure(dict_load.put, dict_load.TEXT)
