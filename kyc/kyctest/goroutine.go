package kyctest

import (
	"runtime"
	"strings"
	"time"
)

// goroutines returns the stacks of all goroutines by id.
func goroutines() map[string]string {
	buf := make([]byte, 1<<20)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			buf = buf[:n]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	all := map[string]string{}
	for stack := range strings.SplitSeq(string(buf), "\n\n") {
		rest, ok := strings.CutPrefix(stack, "goroutine ")
		id, _, found := strings.Cut(rest, " ")
		if ok && found {
			all[id] = stack
		}
	}
	return all
}

// leftBehind returns the stacks of goroutines that are not in before and do not end.
func leftBehind(before map[string]string, patience time.Duration) string {
	var left string
	poll(func() bool {
		left = ""
		for id, stack := range goroutines() {
			if _, old := before[id]; !old && !strings.Contains(stack, "created by testing.") && !strings.Contains(stack, "kyctest.goroutines(") {
				left += stack + "\n\n"
			}
		}
		return left == ""
	}, patience)
	return left
}
