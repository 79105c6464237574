"""Recounts what the tables must hold, from the customers' file and the topic alone.

Written from the contract's table of effects, without any of the system's code, so that it can disagree with it.
"""

import csv
import json

NUMERIC = ("SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges")


def load_customers(path):
    """Customers by id, as dictionaries of column -> value; a blank number is None."""
    customers = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = next(name for name in row if name.lower() == "customerid")
            features = {}
            for name, text in row.items():
                if name == key or name.lower() == "churn":
                    continue
                if name in NUMERIC:
                    features[name.lower()] = float(text) if text.strip() else None
                else:
                    features[name.lower()] = text
            customers[row[key]] = features
    return customers


def apply(kind, features):
    """Applies one event type to a customer's features in place; says whether anything changed."""
    before = dict(features)
    if kind == "contract_downgrade":
        features["contract"] = "Month-to-month"
    elif kind == "removed_online_security":
        if features["onlinesecurity"] == "Yes":
            features["onlinesecurity"] = "No"
            features["monthlycharges"] = (features["monthlycharges"] or 0.0) - 5
    elif kind == "cancelled_autopay":
        if "(automatic)" in features["paymentmethod"]:
            features["paymentmethod"] = "Mailed check"
    elif kind == "contract_upgrade":
        if features["contract"] == "Month-to-month":
            features["contract"] = "One year"
    elif kind == "added_tech_support":
        if features["techsupport"] == "No":
            features["techsupport"] = "Yes"
            features["monthlycharges"] = (features["monthlycharges"] or 0.0) + 5
    elif kind == "enabled_autopay":
        if "(automatic)" not in features["paymentmethod"]:
            features["paymentmethod"] = "Credit card (automatic)"
    elif kind == "monthly_anniversary":
        features["tenure"] = (features["tenure"] or 0.0) + 1
        features["totalcharges"] = (features["totalcharges"] or 0.0) + (features["monthlycharges"] or 0.0)
    return features != before


def fold_topic(customers, partitions):
    """The customers after a keyed topic: each partition's events in order (a customer is in one partition only)."""
    expected = {name: dict(features) for name, features in customers.items()}
    for records in partitions.values():
        for value in records:
            event = json.loads(value)
            if event["user_id"] in expected:
                apply(event["event_type"], expected[event["user_id"]])
    return expected


def compare_users(database, expected):
    """Differences between the table users and the expected customers, at most ten, as text."""
    differences = []
    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM users")
        names = [column.name for column in cursor.description]
        seen = 0
        for row in cursor:
            seen += 1
            stored = dict(zip(names, row))
            wanted = expected.get(stored["customerid"])
            if wanted is None:
                differences.append(f"unexpected customer {stored['customerid']}")
                continue
            for column, value in wanted.items():
                if stored[column] != value:
                    differences.append(f"{stored['customerid']}.{column}: {stored[column]!r}, expected {value!r}")
    if seen != len(expected):
        differences.append(f"{seen} users, expected {len(expected)}")
    return differences[:10]


def fold_log(customers, database):
    """The customers after the events in the order in which the log says they happened (input without keys).

    A customer's version orders its events; of those with one version, the one that made the version comes first.
    """
    expected = {name: dict(features) for name, features in customers.items()}
    by_user = {}
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT user_id, customer_version, event_type FROM event_log "
            "WHERE event_type IS NOT NULL AND churn_probability IS NOT NULL ORDER BY customer_version, event_id"
        )
        for user, version, kind in cursor:
            by_user.setdefault(user, {}).setdefault(version, []).append(kind)
    problems = []
    for user, versions in by_user.items():
        features = expected[user]
        for version in sorted(versions):
            changed = sum(apply(kind, features) for kind in order_within_version(versions[version], features))
            if changed > 1:
                problems.append(f"{user}: {changed} changes made version {version}")
    return expected, problems[:10]


def order_within_version(kinds, features):
    """The event that changes the features first; the others left them as they were."""
    makers = [kind for kind in kinds if apply(kind, dict(features))]
    if not makers:
        return kinds
    maker = makers[0]
    rest = list(kinds)
    rest.remove(maker)
    return [maker] + rest


def dump_log(database):
    """Rows by stream position, with what an undisturbed run must have too: probability bits, version, features."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT partition, stream_offset, user_id, event_type, churn_probability, customer_version, is_alert, "
            "became_at_risk FROM event_log WHERE event_type IS NOT NULL ORDER BY partition, stream_offset"
        )
        return {(row[0], row[1]): (row[2], row[3], row[4].hex() if row[4] is not None else None) + row[5:]
                for row in cursor}


def dump_users(database):
    """Every users row without times."""
    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM users ORDER BY customerid")
        names = [column.name for column in cursor.description]
        keep = [index for index, name in enumerate(names) if name not in ("churn_scored_at", "churn_alerted_at",
            "churn_last_event_at")]
        return [tuple(row[index] for index in keep) for row in cursor]
