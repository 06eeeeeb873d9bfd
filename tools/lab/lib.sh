# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Shared functions of the lab scripts: cache, keys, locks, progress, errors.
# Sourced, never run.
# shellcheck disable=SC2034 # used by the scripts

set -eu

LAB_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB_TOP=$(cd "$LAB_DIR/../.." && pwd)
LAB_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/rcar-du-mdev
LAB_SUITE=trixie
LAB_JOBS=${LAB_JOBS:-$(nproc)}
LAB_DISK_GIB=12

lab_say() {
	printf '[lab] %s\n' "$*" >&2
}

lab_die() {
	printf '[lab] error: %s\n' "$*" >&2
	exit 70
}

# Print the header comment of the calling script.
lab_help() {
	sed -n '4,/^$/{s/^# \{0,1\}//;p}' "$0"
	exit 0
}

lab_usage() {
	lab_die "$1 (see ${0##*/} --help)"
}

# lab_root "$@": go on as root, through sudo if need be.
lab_root() {
	[ "$(id -u)" -ne 0 ] || return 0
	case ${1-} in
	--help | -h) return 0 ;;
	esac
	command -v sudo >/dev/null ||
		lab_die "root is needed (chroot, mounts) and there is no sudo"
	exec sudo -- env HOME="$HOME" LAB_JOBS="$LAB_JOBS" \
		${XDG_CACHE_HOME:+"XDG_CACHE_HOME=$XDG_CACHE_HOME"} \
		${LAB_MIRROR:+"LAB_MIRROR=$LAB_MIRROR"} "$0" "$@"
}

# lab_key WORD...: a short hash of all words.
lab_key() {
	printf '%s\n' "$@" | sha256sum | cut -c1-16
}

# lab_list FILE: the entries of a package list or an option list.
lab_list() {
	sed 's/#.*//; /^[[:space:]]*$/d' "$1"
}

# lab_configured CONFIG FRAGMENT...: fails if a fragment did not get what it asks for.
lab_configured() {
	local config=$1 line missing=

	shift
	while read -r line; do
		case $line in
		*=n) ! grep -q "^${line%%=*}=" "$config" || missing+=" $line" ;;
		*) grep -qxF "$line" "$config" || missing+=" $line" ;;
		esac
	done < <(lab_list <(cat "$@"))
	[ -z "$missing" ] || lab_die "not in .config:$missing"
}

lab_elapsed() {
	local s=$((SECONDS - $1))

	if [ "$s" -ge 60 ]; then
		printf '%dm%02ds' $((s / 60)) $((s % 60))
	else
		printf '%ds' "$s"
	fi
}

lab_check_disk() {
	local free

	free=$(df -Pk "$LAB_CACHE" | awk 'NR == 2 { print int($4 / 1048576) }')
	[ "$free" -ge "$LAB_DISK_GIB" ] ||
		lab_die "$LAB_CACHE has $free GiB free, the lab needs $LAB_DISK_GIB GiB"
}

# lab_use DIR: keep an artefact from being pruned while this process, or a
# child of it, lives.
lab_use() {
	local fd

	exec {fd}<"$1/.lock"
	flock -s "$fd"
	touch "$1"
}

# lab_prune NAME COUNT: keep the COUNT newest finished directories of NAME and
# those in use.
lab_prune() {
	local dir fd

	find "$LAB_CACHE/$1" -mindepth 1 -maxdepth 1 -type d ! -name '*.tmp' \
		-printf '%T@ %p\n' | sort -rn | tail -n "+$(($2 + 1))" |
	cut -d' ' -f2- |
	while read -r dir; do
		exec {fd}<"$dir/.lock" || continue
		if flock -n -x "$fd"; then
			mv "$dir" "$dir.tmp"
			rm -rf --one-file-system "$dir.tmp"
		fi
		exec {fd}<&-
	done
}

# lab_artefact VAR NAME KEY LABEL BUILDER: the variable VAR becomes the finished
# directory of NAME with KEY, which is kept while this process, or a child of
# it, lives: so it is not printed, as what captures that is a child itself.
lab_artefact() {
	# No other variable here: it could be the one that is meant.
	local -n lab_artefact_dir=$1

	lab_artefact_dir=$LAB_CACHE/$2/$3
	if [ -d "$lab_artefact_dir" ]; then
		lab_use "$lab_artefact_dir"
	else
		lab_make "$2" "$3" "$4" "$5"
	fi
}

# lab_make NAME KEY LABEL BUILDER: BUILDER fills NAME/KEY.tmp, which is then
# renamed and kept likewise. BUILDER finds what an interrupted run left in it.
lab_make() {
	local name=$1 key=$2 label=$3 builder=$4
	local dir=$LAB_CACHE/$name/$key log=$LAB_CACHE/log/$name.log
	local fd start ret old

	mkdir -p "$LAB_CACHE/$name" "$LAB_CACHE/log"
	exec {fd}>"$LAB_CACHE/$name/.build"
	if ! flock -n "$fd"; then
		lab_say "$label: waiting for another build"
		flock "$fd"
	fi
	if [ ! -d "$dir" ]; then
		lab_check_disk
		for old in "$LAB_CACHE/$name"/*.tmp; do
			[ "$old" = "$dir.tmp" ] || rm -rf --one-file-system "$old"
		done
		lab_say "$label ..."
		start=$SECONDS
		mkdir -p "$dir.tmp"
		set +e
		(set -e; "$builder" "$dir.tmp") {fd}>&- >"$log" 2>&1 </dev/null
		ret=$?
		set -e
		if [ "$ret" -ne 0 ]; then
			tail -n 25 "$log" >&2
			lab_die "$label failed after $(lab_elapsed "$start"), log: $log"
		fi
		touch "$dir.tmp/.lock"
		mv "$dir.tmp" "$dir"
		lab_say "$label ... $(lab_elapsed "$start")"
	fi
	lab_use "$dir"
	lab_prune "$name" 2
	exec {fd}>&-
}

# lab_workdir VAR NAME KEY: the variable VAR becomes a directory for incremental
# builds, locked for this process and its children.
lab_workdir() {
	local -n lab_workdir_dir=$1
	local lab_workdir_fd

	lab_workdir_dir=$LAB_CACHE/$2/$3
	mkdir -p "$lab_workdir_dir"
	exec {lab_workdir_fd}>"$lab_workdir_dir/.lock"
	flock "$lab_workdir_fd"
	touch "$lab_workdir_dir"
	lab_prune "$2" 6
}

# lab_hash_tree PATH...: a hash of names, modes and contents of all files.
lab_hash_tree() {
	find "$@" -type f -printf '%m ' -print0 2>/dev/null | sort -z | sha256sum
	find "$@" -type f -print0 2>/dev/null | sort -z | xargs -0r sha256sum |
		sha256sum
}

# lab_apt_proxy: prints the proxy of this machine's apt; nothing without one.
lab_apt_proxy() {
	local lines

	command -v apt-config >/dev/null || return 0
	lines=$(apt-config dump --format '%f %v%n' Acquire::http::Proxy) ||
		lab_die "apt-config fails"
	# Not what is below that name, which is for some hosts only.
	sed -n 's/^Acquire::http::Proxy //Ip' <<<"$lines"
}

# lab_mmdebstrap DIR LIST VARIANT-OPTIONS...: unpack the packages of LIST for
# arm64 into DIR, without running anything of them.
lab_mmdebstrap() {
	local dir=$1 list=$2 proxy root sources link

	shift 2
	root=$("$LAB_DIR/buildroot" --print) ||
		lab_die "there is no build root"
	sources=${root%/*}/sources.list
	proxy=$(lab_apt_proxy)
	[ -s "$sources" ] || sources=
	rm -rf --one-file-system "$dir"
	"$LAB_DIR/in-buildroot" -- mmdebstrap --mode=root --variant=extract \
		--architectures=arm64 \
		--include="$(lab_list "$list" | paste -sd,)" \
		--aptopt='APT::Install-Recommends "false"' \
		--aptopt='Acquire::Languages "none"' \
		${proxy:+"--aptopt=Acquire::http::Proxy \"$proxy\""} \
		"$@" "$LAB_SUITE" "$dir" ${sources:+"$sources"} ||
		lab_die "mmdebstrap failed (is the network up?)"
	for link in bin sbin lib; do
		[ -e "$dir/$link" ] || ln -s "usr/$link" "$dir/$link"
	done
}
