//go:build tools

// Package tools imports the linter of the workflows, so that go.mod and go.sum pin it.
package tools

import _ "github.com/rhysd/actionlint"
