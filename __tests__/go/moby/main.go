// Command moby prints for each case which paths moby's own matcher excludes from a build.
package main

import (
	"encoding/json"
	"log"
	"os"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// A pattern case: an ignore file, and paths relative to the context.
type ignoreCase struct {
	File  string   `json:"file"`
	Paths []string `json:"paths"`
}

func main() {
	var cases []ignoreCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		log.Fatal(err)
	}
	answers := make([][]bool, len(cases))
	for i, each := range cases {
		answers[i] = judge(each)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		log.Fatal(err)
	}
}

// judge returns for each path whether it is excluded; nil for a file that moby refuses.
func judge(each ignoreCase) []bool {
	patterns, err := ignorefile.ReadAll(strings.NewReader(each.File))
	if err != nil {
		return nil
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return nil
	}
	answers := make([]bool, 0, len(each.Paths))
	for _, path := range each.Paths {
		ignored, err := walk(matcher, path)
		if err != nil {
			return nil
		}
		answers = append(answers, ignored)
	}
	return answers
}

// walk follows a path from the root like a build does, and passes on the matches of the parent folders.
func walk(matcher *patternmatcher.PatternMatcher, path string) (bool, error) {
	var above patternmatcher.MatchInfo
	var ignored bool
	segments := strings.Split(path, "/")
	for i := range segments {
		var err error
		ignored, above, err = matcher.MatchesUsingParentResults(strings.Join(segments[:i+1], "/"), above)
		if err != nil {
			return false, err
		}
	}
	return ignored, nil
}
