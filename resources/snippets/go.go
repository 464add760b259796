// go run go.go /…/dogs/wx0123456789abcdef/ACCESS_TOKEN.dog
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

func main() {
	var dog struct {
		Data      string
		ExpiresIn int64 `json:"expires_in"`
		GenTime   int64 `json:"gen_time"`
	}
	text, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = json.Unmarshal(text, &dog)
	}
	if err != nil || dog.Data == "" || dog.GenTime+dog.ExpiresIn*1000 <= time.Now().UnixMilli() {
		fmt.Fprintf(os.Stderr, "No valid value in %s: is Guard Dog running?\n", os.Args[1])
		os.Exit(1)
	}
	fmt.Println(dog.Data)
}
