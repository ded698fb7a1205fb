"""What Easel remembers: users, inbox, jobs, outbox and pictures, in SQLite and a blob folder."""
