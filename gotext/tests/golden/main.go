// Renders templates with Go's own text/template, one JSON object a line in and out, until its input ends.
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"unicode/utf8"
)

// A question; data is JSON, in which a number with a point or an exponent is a float64 and any other an int.
type question struct {
	Template string `json:"template"`
	Data     any    `json:"data"`
	Options  struct {
		MissingKey string   `json:"missing_key"`
		Delimiters []string `json:"delimiters"`
	} `json:"options"`
}

// An answer: the output, as hexadecimal digits where it is no UTF-8, or the error.
type answer struct {
	Output *string `json:"output,omitempty"`
	Hex    string  `json:"hex,omitempty"`
	Error  string  `json:"error,omitempty"`
}

func typed(value any) any {
	switch value := value.(type) {
	case json.Number:
		if strings.ContainsAny(string(value), ".eE") {
			number, err := value.Float64()
			check(err)
			return number
		}
		number, err := strconv.Atoi(string(value))
		check(err)
		return number
	case []any:
		for i := range value {
			value[i] = typed(value[i])
		}
		// No room behind the last item: how much a decoder leaves is nobody's business.
		return slices.Clip(value)
	case map[string]any:
		for key := range value {
			value[key] = typed(value[key])
		}
	}
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func render(asked question) (output string, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("panic: %v", problem)
		}
	}()
	parsed := template.New("t")
	if asked.Options.MissingKey != "" {
		parsed.Option("missingkey=" + asked.Options.MissingKey)
	}
	if len(asked.Options.Delimiters) == 2 {
		parsed.Delims(asked.Options.Delimiters[0], asked.Options.Delimiters[1])
	}
	if _, err := parsed.Parse(asked.Template); err != nil {
		return "", err
	}
	var written strings.Builder
	err = parsed.Execute(&written, typed(asked.Data))
	return written.String(), err
}

func answered(asked question) answer {
	output, err := render(asked)
	if err != nil {
		return answer{Error: err.Error()}
	}
	if !utf8.ValidString(output) {
		return answer{Hex: hex.EncodeToString([]byte(output))}
	}
	return answer{Output: &output}
}

func main() {
	if len(os.Args) > 1 {
		fmt.Println(runtime.Version())
		return
	}
	lines := bufio.NewReader(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.UseNumber()
		var asked question
		check(decoder.Decode(&asked))
		check(out.Encode(answered(asked)))
	}
}
