#!/bin/sh
# Run once, on an empty volume: a role and a database for the services, and for the schema registry. Neither may see the other's.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
  --set=reviews="$REVIEWS_PASSWORD" --set=registry="$REGISTRY_PASSWORD" <<'SQL'
CREATE ROLE reviews LOGIN PASSWORD :'reviews';
CREATE ROLE registry LOGIN PASSWORD :'registry';
CREATE DATABASE reviews OWNER reviews;
CREATE DATABASE registry OWNER registry;
REVOKE CONNECT ON DATABASE reviews FROM PUBLIC;
REVOKE CONNECT ON DATABASE registry FROM PUBLIC;
SQL
