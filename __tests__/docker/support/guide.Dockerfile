# The Dockerfile of the deployment guide, for comparison. Its two downloads are replaced by pip commands that
# install the same files: Poetry in a separate virtual environment, and the packages of the lock file without
# bytecode, like Poetry does.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
RUN python3 -m venv /root/.local/share/pypoetry/venv \
 && /root/.local/share/pypoetry/venv/bin/pip install --quiet --no-cache-dir --no-compile \
    poetry==2.5.1 poetry-plugin-export==1.10.1
COPY pyproject.toml poetry.lock ./
RUN /root/.local/share/pypoetry/venv/bin/poetry export --format requirements.txt --output /tmp/requirements.txt \
 && python3 -m pip install --quiet --no-cache-dir --no-compile --no-deps --requirement /tmp/requirements.txt \
 && rm /tmp/requirements.txt
COPY kairos/ ./kairos/
CMD [ "kairos.main.handler" ]
