#!/bin/sh
# Builds a replacement for AWS's base image if that cannot be pulled: files of this machine and a real CPython,
# with the same paths, variables and entry point. It contains this machine's certificates, so it must only be
# pushed to a registry on this machine.
#   stand-in-base.sh FOLDER PYTHON DOCKER NAME
set -eu
folder=$1 python=$2 docker=$3 name=$4
prefix=$("$python" -c 'import sys; print(sys.base_prefix)')
minor=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')

overlay=$folder/overlay
mkdir -p "$overlay/var/runtime" "$overlay/var/task" "$overlay/tmp"
chmod 1777 "$overlay/tmp"
"$prefix/bin/python$minor" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
  --target "$overlay/var/runtime" awslambdaric==4.2.2
cat > "$overlay/lambda-entrypoint.sh" <<'END'
#!/bin/sh
export _HANDLER="$1"
exec /var/runtime/bootstrap
END
cat > "$overlay/var/runtime/bootstrap" <<END
#!/bin/sh
export AWS_EXECUTION_ENV=AWS_Lambda_python$minor
exec /var/lang/bin/python$minor -m awslambdaric "\$_HANDLER"
END
chmod 755 "$overlay/lambda-entrypoint.sh" "$overlay/var/runtime/bootstrap"

# /bin and similar folders are links into /usr and must stay links.
dpkg -L base-files base-passwd bash dash coreutils findutils grep sed libc6 libc-bin libgcc-s1 libstdc++6 zlib1g \
  libssl3 libffi8 libsqlite3-0 libbz2-1.0 liblzma5 libreadline8 libtinfo6 libncursesw6 libuuid1 libexpat1 libcrypt1 \
  libacl1 libattr1 libselinux1 libpcre2-8-0 libgmp10 |
  sed -E 's#^/(bin|sbin|lib|lib64)(/|$)#/usr/\1\2#' | grep -vE '^/usr/share/(doc|man|locale|info|lintian|bug)' |
  while read -r file; do if [ -L "$file" ] || [ -f "$file" ]; then echo ".$file"; fi; done |
  sort -u > "$folder/files"
printf '%s\n' ./bin ./sbin ./lib ./lib64 ./etc/passwd ./etc/group ./etc/nsswitch.conf ./etc/ld.so.cache \
  ./etc/ssl/certs/ca-certificates.crt >> "$folder/files"

archive() { tar --numeric-owner --owner=0 --group=0 "$@"; }
archive -C / --no-recursion -cf "$folder/base.tar" -T "$folder/files"
archive -C "$prefix" --transform 's,^\.,./var/lang,' --exclude="./lib/python$minor/test" \
  --exclude="./lib/python$minor/config-*" --exclude="./lib/python$minor/idlelib" --exclude=./include \
  --exclude=./share --exclude="*.pth" -rf "$folder/base.tar" .
archive -C "$overlay" -rf "$folder/base.tar" .

certificates=/etc/ssl/certs/ca-certificates.crt
variables="PATH=/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin"
variables="$variables LD_LIBRARY_PATH=/var/lang/lib:/var/runtime:/var/task:/opt/lib LANG=C.UTF-8"
variables="$variables LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime PYTHONPATH=/var/runtime"
variables="$variables SSL_CERT_FILE=$certificates PIP_CERT=$certificates REQUESTS_CA_BUNDLE=$certificates"
"$docker" import --change "ENV $variables" --change 'WORKDIR /var/task' \
  --change 'ENTRYPOINT ["/lambda-entrypoint.sh"]' "$folder/base.tar" "$name"
