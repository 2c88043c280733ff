"""Texts in which the patterns of X-2 find a platform's internals, and texts in which they do not (contract.md X-2)."""

import json
import re
import time

import pytest

from harness.contract.contract import load_contract

LEAKS = (
    'Traceback (most recent call last):\n  File "main.py", line 3, in sell',
    '  File "/srv/wallet/views.py", line 12, in post',
    "at com.foo.Bar(Baz.java:12)",
    "java.lang.NullPointerException\n\tat com.acme.wallet.SaleService.sell(SaleService.java:88)",
    "at java.base/java.lang.Thread.run(Thread.java:840)",
    "at jdk.internal.reflect.Method.invoke0(Native Method)",
    "Caused by: org.hibernate.exception.ConstraintViolationException: could not execute statement",
    "   at Foo.Bar() in C:\\x.cs:line 3",
    "System.NullReferenceException: Object reference not set to an instance of an object.",
    "at Wallet.Api.Controllers.SaleController.Post(SaleRequest request)",
    "failed\r\n   at Wallet.Sell[T](T sale)",
    "--- End of inner exception stack trace ---",
    "The JSON value could not be converted to System.Decimal. Path: $.Amount | LineNumber: 0 | BytePositionInLine: 12.",
    "Value cannot be null. (Parameter 'alias')",
    "Microsoft.AspNetCore.Mvc.Infrastructure",
    "Newtonsoft.Json.JsonReaderException: Unexpected character",
    "at fn (/app/x.js:1:2)",
    "at async sell (file:///app/sale.mjs:10:4)",
    "at node:internal/process/task_queues:95:5",
    "TypeError: Cannot read properties of undefined (reading 'balance')",
    "SyntaxError: Unexpected token < in JSON at position 0",
    "at new Promise (<anonymous>)",
    "goroutine 1 [running]:\nmain.main()",
    "runtime error: invalid memory address or nil pointer dereference",
    "main.go:42: cannot sell",
    "json: cannot unmarshal string into Go struct field Sale.amount of type float64",
    "thread 'main' panicked at src/main.rs:3:5",
    "PHP Fatal error:  Uncaught TypeError in sale",
    "Undefined array key 'Alias' in /var/www/html/index.php on line 3",
    "#0 index.php(12): sell()",
    "app.rb:12:in `sell'",
    "undefined method `balance' for nil:NilClass",
    "ActiveRecord::RecordNotUnique",
    "java.lang.IllegalStateException",
    "KeyError: 'Alias'",
    "ValueError: could not convert string to float",
    "'NoneType' object has no attribute 'balance'",
    "NullReferenceException",
    "ArgumentOutOfRangeException",
    "java.lang.OutOfMemoryError: Java heap space",
    "SELECT id, balance FROM wallets WHERE alias = $1",
    "SELECT * FROM wallets",
    "SELECT `id` AS `a`, `b` FROM `wallets`",
    "select w1_0.id, w1_0.balance from wallet w1_0 where w1_0.id=?",
    "select balance from wallets where alias = ?",
    "INSERT INTO sales (id) VALUES (?)",
    "insert into sales (id) values (?)",
    "UPDATE wallets SET balance = 3",
    "update wallets set balance = balance - 1",
    "DELETE FROM gifts WHERE id = 1",
    "SQLSTATE[23000]: Integrity constraint violation",
    "ORA-01400: cannot insert NULL",
    'ERROR: syntax error at or near "FROM"',
    'near "FORM": syntax error',
    "You have an error in your SQL syntax",
    "UNIQUE constraint failed: sales.reference",
    'duplicate key value violates unique constraint "sales_pkey"',
    "Duplicate entry 'x' for key 'PRIMARY'",
    'relation "wallets" does not exist',
    "no such table: wallets",
    "Deadlock found when trying to get lock",
    "sqlite3.OperationalError: database is locked",
    "psycopg2.errors.UniqueViolation",
    "Microsoft.Data.SqlClient.SqlException",
    "SqlException",
    "Npgsql.PostgresException: 23505",
    "MySQL server has gone away",
    "PG::ConnectionBad",
    "HikariPool-1 - Connection is not available",
    "(sqlalchemy.exc.IntegrityError)",
    "/usr/lib/python3.11/json/decoder.py",
    "cannot open /home/deploy/wallet/config.toml",
    "in /var/www/wallet/index.html",
    "failed to read '/app/x.py'",
    "/opt/wallet/bin/start",
    "root:x:0:0 in /etc/passwd",
    "C:\\inetpub\\wwwroot\\wallet\\web.config",
    "D:\\a\\1\\s\\Wallet.Api\\Sale.cs",
    "file:///srv/wallet/x",
    "pydantic_core._pydantic_core.ValidationError",
    "org.springframework.http.converter.HttpMessageNotReadableException",
    "JSON parse error: Cannot deserialize value of type `java.math.BigDecimal`",
    "Whitelabel Error Page",
    "An unhandled exception occurred while processing the request.",
    "Server Error in '/' Application.",
)

INNOCENTS = (
    "https://tools.ietf.org/html/rfc7231#section-6.5.1",
    "https://tools.ietf.org/html/rfc9110#section-15.5.1",
    "/v2/alfred/purchase/AAE/session",
    "/api/v1/wallet",
    "/api/v1/wallet/purchase/by/alias",
    "/home/wallet",
    "https://example.com/usr/lib/index.html",
    "https://example.com:8443/app/errors/INSUFFICIENT_BALANCE",
    "https://wallet.rs:8443/errors",
    "https://example.com/docs/errors.html#amount",
    "/static/app.js",
    "urn:wallet:error:insufficient-balance",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "0HMVFE0A0Q2QK:00000003",
    "e966d7fe-4d49-4b73-9c58-0921cfa51ea3",
    "AAEAAADt1_43vWGIS1iow1I1",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.Sfl-KxwRJSMeKKF2QT4",
    "nginx",
    "nginx/1.25.3 (Ubuntu)",
    "Kestrel",
    "Microsoft-IIS/10.0",
    "ASP.NET",
    "Werkzeug/3.0.1 Python/3.11.7",
    "PHP/8.2.1",
    "uvicorn",
    "application/problem+json",
    "application/json; charset=utf-8",
    "Tue, 20 Nov 2026 09:38:00 GMT",
    "2025-04-28T08:10:12.8828523Z",
    "max-age=31536000; includeSubDomains; preload",
    "default-src 'self'; script-src 'none'",
    'W/"33a64df551425fcc55e4d42a148795d9f25f89d4"',
    "1.1 varnish, 1.1 cloudfront (CloudFront)",
    "Select a payment method from the list",
    "select an amount, then a currency from the list",
    "Please select an amount from the wallet",
    "PLEASE SELECT AN AMOUNT FROM THE LIST",
    "Update your profile and set a limit",
    "Insert into the field a number above zero",
    "Delete from the basket what you do not need",
    "The field Amount must be a number",
    "Kaynak bulunamadı",  # noqa: RUF001 - Turkish
    "Cüzdan bakiyesi yetersiz",
    "An error occurred while processing your request",
    "exception: insufficient balance",
    "InsufficientBalanceException",
    "ValidationException",
    "ResourceNotFoundException",
    "Wallet.InsufficientBalance",
    "Wallet.ValidationError",
    "INSUFFICIENT_BALANCE",
    "ERR-01400",
    "Value cannot be null",
    "Internal Server Error",
    "Error: the wallet is frozen",
    "Amount: is required",
    "The Amount field is required.",
    "One or more validation errors occurred.",
    "Malformed JSON in the request body at line 1, column 12",
    "Unexpected token",
    "The token is invalid or expired",
    "Invalid value for column Amount",
    "Duplicate reference: this sale exists already",
    "This key is unique to the merchant",
    "A constraint failed: the amount must be above zero",
    "The alias does not exist",
    "No trace of the purchase was found",
    "Call us at +880 1700 000000 (daily 9:00-17:00)",
    "We are open at 9:00 (local time)",
    "Look at www.example.com (help) for more",
    "Paid by balance and/or cash: 20.00/30.00",
    "See section A:\nthe amount",
    "Don't panic: try again later",
    "Casey Padberg",
    "a sale of the contract suite",
    "Errors",
    "IsFailure",
    "TransactionType",
    "UsedGiftBalances",
    "stackTrace",
)


@pytest.fixture(scope="module")
def patterns() -> tuple[str, ...]:
    return load_contract().clauses["X-2"].patterns


def spotted(patterns: tuple[str, ...], text: str) -> str | None:
    return next((pattern for pattern in patterns if re.search(pattern, text)), None)


@pytest.mark.parametrize("text", LEAKS)
def test_internals_are_found_in_text_and_in_json(patterns: tuple[str, ...], text: str) -> None:
    assert spotted(patterns, text)
    assert spotted(patterns, json.dumps({"Errors": [text]}))


@pytest.mark.parametrize("text", INNOCENTS)
def test_an_ordinary_response_reveals_no_internals(patterns: tuple[str, ...], text: str) -> None:
    assert spotted(patterns, text) is None
    assert spotted(patterns, json.dumps({"detail": text, "instance": "/api/v1/wallet"}, ensure_ascii=False)) is None
    assert spotted(patterns, json.dumps({"detail": text})) is None


def test_every_pattern_finds_its_example(patterns: tuple[str, ...]) -> None:
    idle = [pattern for pattern in patterns if not any(re.search(pattern, leak) for leak in LEAKS)]
    assert idle == []


def test_the_patterns_can_be_joined_into_one(patterns: tuple[str, ...]) -> None:
    joined = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    assert joined.groups == 0
    assert all(joined.search(leak) for leak in LEAKS)


@pytest.mark.parametrize("filler", ["a", " ", "\\", "/", "SELECT a, ", "select ", "at a.", "1.", '"', "a b.", "A:\\"])
def test_a_long_response_is_searched_quickly(patterns: tuple[str, ...], filler: str) -> None:
    text = filler * (20_000 // len(filler))
    assert [pattern for pattern in patterns if _slow(pattern, text)] == []


def _slow(pattern: str, text: str) -> bool:
    started = time.process_time()
    re.search(pattern, text)
    return time.process_time() - started > 1
