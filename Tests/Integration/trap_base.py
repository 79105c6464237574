"""A customer base full of traps, the same for the same seed.

The label says who stayed; columns leak it (a closing fee, calls to the save desk, a status, a missing date); dates stand
in three forms, shares have percent signs, a shop is one of 5,000, numbers rise by a step or are rounded copies, and those
who left are among the rows.
"""

import csv
import random

COLUMNS = [
    "RowNumber", "CustomerId", "Plan", "MonthlyFee", "FeeRounded", "SupportCalls", "UsageShare", "Shop", "Country", "JoinedOn",
    "LastInvoice", "CreatedAt", "TicketCounter", "AccountRef", "ClosingFee", "SaveDeskCalls", "AccountStatus", "Retained",
]


def write(path, customers=4000, seed=7):
    """Writes the base; returns the ids of those who left and of those who stayed."""
    chance = random.Random(seed)
    left, stayed = set(), set()
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(customers):
            identifier = f"K{100_000 + number * 13 % 900_000}"
            row, has_left = customer(chance, number, identifier)
            (left if has_left else stayed).add(identifier)
            writer.writerow(row)
    return left, stayed


def customer(chance, number, identifier):
    plan = chance.choices(["Trial", "Basic", "Plus", "Pro"], [12, 40, 30, 18])[0]
    calls = chance.randrange(6)
    usage = chance.uniform(5, 95)
    fee = {"Trial": 9, "Basic": 19, "Plus": 39, "Pro": 79}[plan] + chance.uniform(0, 9)
    risk = 0.04 + (0.72 if plan == "Trial" else 0) + 0.03 * calls + (0.08 if usage < 20 else 0)
    has_left = chance.random() < min(risk, 0.95)
    shop = chance.randrange(120) if chance.random() < 0.7 else 120 + chance.randrange(4_880)
    country = chance.choice(["France", "Germany", "Spain", "france"])
    day, month = 1 + chance.randrange(12), 1 + chance.randrange(12)
    row = [
        number + 1, identifier, plan, f"{fee:.2f}", round(fee), calls, f"{usage:.1f}%", f"Shop {shop}", country,
        f"{1 + chance.randrange(28):02d} Jan {2015 + chance.randrange(9)}", f"{day:02d}/{month:02d}/2023",
        1_500_000_000 + chance.randrange(90_000_000), 1_000 + number * 7, 4_000_000_000 + chance.randrange(5_000_000_000),
        f"{20 + chance.uniform(0, 30):.2f}" if has_left and chance.random() < 0.6 else "0",
        chance.randrange(1, 5) if has_left and chance.random() < 0.8 else int(chance.random() < 0.05),
        "Closing" if has_left and chance.random() < 0.7 else chance.choice(["Open", "Quiet"]),
        0 if has_left else 1,
    ]
    return row, has_left
