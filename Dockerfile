# Easel: the bot with the engine inside.
#
#   docker build --build-arg DEVICE=cpu --build-arg TORCH_INDEX=<PyTorch's index of CPU builds> .
#
# DEVICE=cuda takes torch from PyPI, whose Linux builds bring CUDA: no CUDA base image is needed, only
# the NVIDIA container toolkit on the host. DEVICE=cpu takes it from TORCH_INDEX when that is given.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS build
ARG DEVICE=cpu
ARG TORCH_INDEX=
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN case "${DEVICE}" in cpu|cuda) ;; *) echo "DEVICE takes cpu or cuda, not ${DEVICE}"; exit 2 ;; esac \
 && python -m venv /opt/easel
ENV PATH=/opt/easel/bin:$PATH
WORKDIR /src
# The dependencies change seldom, so they are a layer of their own. pip compiles what it installs.
COPY requirements.lock pyproject.toml ./
RUN grep -o 'torch==[0-9.]*' pyproject.toml > torch.txt \
 && pip install ${TORCH_INDEX:+--index-url "${TORCH_INDEX}"} -r torch.txt \
 && pip install --require-hashes -r requirements.lock
COPY LICENSE NOTICE README.md ./
COPY migrations migrations
COPY engine engine
COPY storage storage
COPY bot bot
RUN pip install --no-deps .

FROM python:${PYTHON}-slim
ARG DEVICE=cpu
LABEL org.opencontainers.image.title="Easel" \
      org.opencontainers.image.description="A chat bot that paints photos in the style of pictures" \
      org.opencontainers.image.licenses="MIT" \
      easel.device="${DEVICE}"
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 easel \
 && useradd --uid 10001 --gid easel --no-create-home --home-dir /data easel \
 && install --directory --owner easel --group easel /data
COPY --from=build /opt/easel /opt/easel
ENV PATH=/opt/easel/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data
USER 10001
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["python", "-m", "bot", "health"]
ENTRYPOINT ["tini", "--"]
CMD ["python", "-m", "bot"]
