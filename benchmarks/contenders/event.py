import multiprocessing
import time

from parameters import parameter

ROUNDS = 5_000
WARM = 250


def answer(pings, pong):
    for turn in range(ROUNDS):
        pings[turn & 1].wait()
        pong.set()


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    pings = [context.Event(), context.Event()]
    pongs = [context.Event() for _ in range(parameter("agents", 1))]
    children = [context.Process(target=answer, args=(pings, pong)) for pong in pongs]
    for child in children:
        child.start()
    for turn in range(ROUNDS):
        if turn == WARM:
            start = time.perf_counter()
        ping = pings[turn & 1]
        ping.set()
        for pong in pongs:
            pong.wait()
            pong.clear()
        ping.clear()
    print((time.perf_counter() - start) / (ROUNDS - WARM) / 2 * 1e6)
    for child in children:
        child.join()
